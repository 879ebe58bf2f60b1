/** Records as rows of PostgreSQL. */
import * as z from 'zod';
import type { OutgoingRecord } from '../../outgoing.ts';
import { columnsOf, recordColumns, type RecordColumn } from '../relational/columns.ts';
import { storedText } from './jsonb-text.ts';

const types: Readonly<Record<RecordColumn, string>> = {
  id: 'text',
  created: 'timestamp',
  landed: 'timestamp',
  sequence: 'bigint',
  line: 'integer',
  record_type: 'integer',
  operation: 'text',
  workload: 'text',
  user_id: 'text',
  user_type: 'integer',
  client_ip: 'text',
  object_id: 'text',
  result_status: 'text',
};

/** Columns that a row has in addition to the tenant's ID and the record itself, in the order of the insert. */
export const rowColumns = recordColumns.map((name) => ({ name, type: types[name] }));

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
