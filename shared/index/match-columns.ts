/** Integer columns that let storage itself filter rows, without a caller's text ever entering a query. */
import type { RecordSummary } from '../records/audit-record.ts';
import { valueHash } from './keys.ts';

/** Column names are billed with every row, so they have one letter. */
export const matchColumns = {
  user: 'u',
  operation: 'o',
  service: 's',
  object: 'b',
  site: 'w',
  mailbox: 'm',
  address: 'i',
  resultStatus: 'r',
  recordType: 't',
} as const;

export type MatchColumn = (typeof matchColumns)[keyof typeof matchColumns];

/** Hashes are 64-bit; the record type is its number. */
export type MatchValue = bigint | number;

/** Rows whose column has one of the values. */
export interface MatchTerm {
  readonly column: MatchColumn;
  readonly anyOf: readonly MatchValue[];
}

/** The match columns of a record; a value that is absent has no column. */
export function matchValues(summary: RecordSummary): Partial<Record<MatchColumn, MatchValue>> {
  const values: Partial<Record<MatchColumn, MatchValue>> = {};
  const put = (column: MatchColumn, value: string | undefined, hash: (value: string) => { int: bigint }) => {
    if (value !== undefined) values[column] = hash(value).int;
  };
  put('u', summary.userId, valueHash.text);
  put('o', summary.operation, valueHash.text);
  put('s', summary.service, valueHash.text);
  put('b', summary.objectId, valueHash.text);
  put('w', summary.siteUrl, valueHash.site);
  put('m', summary.mailboxOwner, valueHash.mailbox);
  put('i', summary.clientIp, valueHash.address);
  put('r', summary.resultStatus, valueHash.text);
  if (summary.recordType !== undefined) values.t = summary.recordType;
  return values;
}
