/** Chooses which partition answers a query with the fewest rows read. */
import { valueHash, type Dimension, type ValueHash } from '../index/keys.ts';
import { matchColumns, type MatchColumn, type MatchTerm } from '../index/match-columns.ts';
import type { RecordFilters } from './filters.ts';

/** Streams of rows to merge newest first, and what storage should filter them by. */
export interface QueryPlan {
  readonly dimension: Dimension;
  /** One stream for each; empty text for the time partition. */
  readonly keyPrefixes: readonly string[];
  readonly where: readonly MatchTerm[];
}

interface Choice {
  readonly dimension: Dimension;
  readonly column: MatchColumn;
  readonly hashes: readonly ValueHash[] | undefined;
}

/** A next link carries the place of every stream; more of them would not fit. Then rows are compared one by one. */
export const maxStreams = 40;

/** The rarest kind of value first: an object has fewer rows than a site, a site fewer than an operation. */
export function planQuery(filters: RecordFilters): QueryPlan {
  const choices: readonly Choice[] = [
    { dimension: 'object', column: 'b', hashes: hashAll(one(filters.objectId), valueHash.text) },
    { dimension: 'container', column: 'w', hashes: hashAll(one(filters.siteUrl), valueHash.site) },
    { dimension: 'container', column: 'm', hashes: hashAll(filters.mailbox, valueHash.mailbox) },
    { dimension: 'ip', column: 'i', hashes: hashAll(filters.clientIp, valueHash.address) },
    { dimension: 'user', column: 'u', hashes: hashAll(filters.users, valueHash.text) },
    { dimension: 'operation', column: 'o', hashes: hashAll(filters.operations, valueHash.text) },
  ];
  const chosen = choices.find(({ hashes }) => hashes !== undefined && hashes.length <= maxStreams);
  const where = [...choices.filter((choice) => choice !== chosen).flatMap(toTerm), ...otherTerms(filters)];
  if (chosen?.hashes === undefined) return { dimension: 'time', keyPrefixes: [''], where };
  const prefixes = new Set(chosen.hashes.map(({ hex }) => `${hex}_`));
  return { dimension: chosen.dimension, keyPrefixes: [...prefixes], where };
}

function toTerm({ column, hashes }: Choice): readonly MatchTerm[] {
  return hashes === undefined ? [] : [{ column, anyOf: hashes.map(({ int }) => int) }];
}

/** Filters that have no partition of their own. */
function otherTerms(filters: RecordFilters): readonly MatchTerm[] {
  const { service, resultStatus, recordType } = filters;
  return [
    ...toTerm({ dimension: 'time', column: matchColumns.service, hashes: hashAll(service, valueHash.text) }),
    ...toTerm({
      dimension: 'time',
      column: matchColumns.resultStatus,
      hashes: hashAll(resultStatus, valueHash.text),
    }),
    ...(recordType === undefined ? [] : [{ column: matchColumns.recordType, anyOf: recordType }]),
  ];
}

function hashAll(
  values: readonly string[] | undefined,
  hash: (value: string) => ValueHash,
): readonly ValueHash[] | undefined {
  return values?.map(hash);
}

function one(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}
