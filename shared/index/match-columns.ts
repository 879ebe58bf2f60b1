/** Integer columns by which storage itself filters rows: no text of a caller ever enters a query. */
import {
  codeMembers,
  hasSeveral,
  isTextMember,
  textMembers,
  type TextMember,
} from '../records/member-kinds.ts';
import { deliveredMembers, type DeliveredName, type RecordSummary } from '../records/delivered-members.ts';
import type { SummaryHashes, ValueHash } from './keys.ts';

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

/** All columns that a row can have to filter by. */
export const matchColumns: readonly MatchColumn[] = columns.map(({ column }) => column);

/** Whether a row has one of the values of every term. */
export function meetsTerms(match: MatchValues, terms: readonly MatchTerm[]): boolean {
  return terms.every(({ column, anyOf }) => {
    const value = match[column];
    return value !== undefined && anyOf.includes(value);
  });
}

/** In the column of a record with several values: only its summary says which. */
const severalValues = 0n;

function columnValue(hashes: readonly ValueHash[] = []): MatchValue | undefined {
  return hashes.length > 1 ? severalValues : hashes[0]?.int;
}

/** Rows that may have one of the values: those of members with several values have to be checked. */
export function termFor(name: TextMember, column: MatchColumn, hashes: readonly ValueHash[]): MatchTerm {
  const ints = hashes.map(({ int }) => int);
  return { column, anyOf: hasSeveral(name) ? [...ints, severalValues] : ints };
}

/** The match columns of a record; an absent value has no column. */
export function matchValues(summary: RecordSummary, hashes: SummaryHashes): MatchValues {
  const values: Partial<Record<MatchColumn, MatchValue>> = {};
  for (const { name, column } of columns) {
    const value = isTextMember(name) ? columnValue(hashes.get(name)?.values) : summary[name];
    if (value !== undefined) values[column] = value;
  }
  return values;
}
