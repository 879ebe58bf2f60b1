/** The records that findings name. */
import { maxFindingRecords } from './finding.ts';
import type { Head } from './group-state.ts';
import type { WindowMatch } from './window/window-match.ts';

/** Each record once, by its digest; of several heads, the first one counts. */
export function distinctHeads(heads: readonly Head[]): ReadonlyMap<string, Head> {
  return new Map(heads.toReversed().map((head) => [head.record, head]));
}

/** Those of the first records, as many as a finding names. @param matches by time */
export function firstHeads(
  matches: readonly WindowMatch[],
  heads: ReadonlyMap<string, Head>,
): readonly Head[] {
  const records = [...new Set(matches.map(({ record }) => record))].slice(0, maxFindingRecords);
  return records.flatMap((record) => heads.get(record) ?? []);
}

/** By time, and by record within a millisecond. */
export function byTime(one: Head, other: Head): number {
  const earlier = one.createdDateTime.getTime() - other.createdDateTime.getTime();
  return earlier || (one.record < other.record ? -1 : Number(one.record > other.record));
}
