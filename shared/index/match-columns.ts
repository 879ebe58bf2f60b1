/** Integer columns by which storage itself filters rows: no text of a caller ever enters a query. */
import { codeMembers, isTextMember, textMembers } from '../records/member-kinds.ts';
import { deliveredMembers, type DeliveredName, type RecordSummary } from '../records/members.ts';
import type { SummaryHashes } from './keys.ts';

type Stored = (typeof deliveredMembers)[DeliveredName]['stored'];
export type MatchColumn = Extract<Stored, { column: unknown }>['column'];

/** Hashes are 64-bit; codes are their numbers. */
export type MatchValue = bigint | number;

/** Rows whose column has one of the values. */
export interface MatchTerm {
  readonly column: MatchColumn;
  readonly anyOf: readonly MatchValue[];
}

export type MatchValues = Readonly<Partial<Record<MatchColumn, MatchValue>>>;

/** Undefined for a member that storage cannot filter by. */
export function columnOf(name: DeliveredName): MatchColumn | undefined {
  const { stored } = deliveredMembers[name];
  return 'column' in stored ? stored.column : undefined;
}

const columns = [...textMembers, ...codeMembers].flatMap((name) => {
  const column = columnOf(name);
  return column === undefined ? [] : [{ name, column }];
});

/** The match columns of a record; an absent value has no column. */
export function matchValues(summary: RecordSummary, hashes: SummaryHashes): MatchValues {
  const values: Partial<Record<MatchColumn, MatchValue>> = {};
  for (const { name, column } of columns) {
    const value = isTextMember(name) ? hashes.get(name)?.int : summary[name];
    if (value !== undefined) values[column] = value;
  }
  return values;
}
