/** Columns that records have in a database, and what they hold; each kind adds the types of its own. */
import { normalize } from '../../../records/normalize.ts';
import type { OutgoingRecord } from '../../outgoing.ts';

/** In addition to the tenant's ID and the record itself, in the order of the table and of every insert. */
export const recordColumns = [
  'id',
  'created',
  'landed',
  'sequence',
  'line',
  'record_type',
  'operation',
  'workload',
  'user_id',
  'user_type',
  'client_ip',
  'object_id',
  'result_status',
] as const;
export type RecordColumn = (typeof recordColumns)[number];

/** Columns that every record has a value for. */
export const requiredColumns: ReadonlySet<RecordColumn> = new Set([
  'id',
  'created',
  'landed',
  'sequence',
  'line',
]);

/**
 * Times are UTC and without a zone, such as `2026-03-02T08:00:00.000`: whatever the time zone of the session. Texts have
 * no NUL and no half surrogate pair.
 */
export function columnsOf({
  id,
  createdDateTime,
  ingestedDateTime,
  place,
  summary,
}: OutgoingRecord): Readonly<Record<RecordColumn, string | number | undefined>> {
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

/** The text with U+FFFD in place of NUL and half surrogate pairs, which not every database holds. */
export function withoutUnstorable(text: string): string {
  return text.replaceAll(unstorable, '\uFFFD');
}

const unstorable = /[\0\p{Cs}]/gu;

function storable(text: string | undefined): string | undefined {
  return text === undefined ? undefined : withoutUnstorable(text);
}

/** Indexes hold 2,704 bytes of a row in PostgreSQL, and 1,700 in SQL Server. No name of a user comes near. */
export const maxUserCharacters = 512;

/** Names that differ in case or composition are one user, as in queries of the API. */
function foldedUser(userId: string | undefined): string | undefined {
  return userId === undefined
    ? undefined
    : withoutUnstorable(normalize.text(userId).slice(0, maxUserCharacters));
}

function utcOf(time: Date): string {
  return time.toISOString().slice(0, -1);
}
