/** Records as rows of PostgreSQL. */
import * as z from 'zod';
import { normalize } from '../../../records/normalize.ts';
import type { OutgoingRecord } from '../../outgoing.ts';
import { storedText, withoutUnstorable } from './jsonb-text.ts';

/** Columns that a row has in addition to the tenant's ID and the record itself, in the order of the insert. */
export const rowColumns = [
  { name: 'id', type: 'text' },
  { name: 'created', type: 'timestamp' },
  { name: 'landed', type: 'timestamp' },
  { name: 'sequence', type: 'bigint' },
  { name: 'line', type: 'integer' },
  { name: 'record_type', type: 'integer' },
  { name: 'operation', type: 'text' },
  { name: 'workload', type: 'text' },
  { name: 'user_id', type: 'text' },
  { name: 'user_type', type: 'integer' },
  { name: 'client_ip', type: 'text' },
  { name: 'object_id', type: 'text' },
  { name: 'result_status', type: 'text' },
] as const;
type ColumnName = (typeof rowColumns)[number]['name'];

const values = z.array(z.union([z.string(), z.number(), z.null()])).length(rowColumns.length);
const headSchema = z.strictObject({ values, isJson: z.boolean() });

/** What an encoded record says. */
export interface DecodedRow {
  /** As in {@link rowColumns}; times are UTC. */
  readonly values: z.output<typeof values>;
  /** JSON that jsonb can hold; null if the record is not. */
  readonly record: string | null;
  /** The text of any other record. */
  readonly recordText: string | null;
}

/** A line with the columns, and below it the text of the record: JSON within JSON would be longer. */
export function encodeRow(record: OutgoingRecord): Buffer {
  const { isJson, text } = storedText(record.text, record.truncated);
  const columns = columnsOf(record);
  const head = JSON.stringify({ values: rowColumns.map(({ name }) => columns[name] ?? null), isJson });
  return Buffer.from(`${head}\n${text}`);
}

/** @throws ZodError for anything that {@link encodeRow} does not write */
export function decodeRow(body: Buffer): DecodedRow {
  const end = body.indexOf('\n');
  const head = headSchema.parse(JSON.parse(body.toString('utf8', 0, end)));
  const text = body.toString('utf8', end + 1);
  return {
    values: head.values,
    record: head.isJson ? text : null,
    recordText: head.isJson ? null : text,
  };
}

function columnsOf({
  id,
  createdDateTime,
  ingestedDateTime,
  place,
  summary,
}: OutgoingRecord): Readonly<Record<ColumnName, string | number | undefined>> {
  return {
    id: storable(id),
    created: utcOf(createdDateTime),
    landed: utcOf(ingestedDateTime),
    sequence: place.sequence,
    line: place.line,
    record_type: summary.recordType,
    operation: storable(summary.operation),
    workload: storable(summary.service),
    user_id: foldedUser(summary.userId),
    user_type: summary.userType,
    client_ip: storable(summary.clientIp),
    object_id: storable(summary.objectId),
    result_status: storable(summary.resultStatus),
  };
}

function storable(text: string | undefined): string | undefined {
  return text === undefined ? undefined : withoutUnstorable(text);
}

/** An index of PostgreSQL holds at most 2,704 bytes of a row. No name of a user comes near. */
const maxUserCharacters = 512;

/** Names that differ in case or composition are one user, as in queries of the API. */
function foldedUser(userId: string | undefined): string | undefined {
  return userId === undefined
    ? undefined
    : withoutUnstorable(normalize.text(userId).slice(0, maxUserCharacters));
}

/** Without a zone: as the column has it, whatever the time zone of the session. */
function utcOf(time: Date): string {
  return time.toISOString().slice(0, -1);
}
