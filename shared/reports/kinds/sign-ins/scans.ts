/** What the report reads, one scan after another. */
import type { Scan } from '../../report-kind.ts';
import { beforeRange } from '../../past.ts';
import type { followersWanted } from './followers.ts';
import { signInOperations } from './outcome.ts';

/** `range`: all sign-ins of it; `followers`: who signed in from addresses of attacks; `past`: where people were before. */
export const scans = ['range', 'followers', 'past', 'done'] as const;
export type ScanName = (typeof scans)[number];

/** With more addresses than this, all sign-ins are read, and compared here. */
const maxAddresses = 100;

interface Times {
  readonly from: Date;
  readonly to: Date;
}

const { succeeded, failed } = signInOperations;

export function scanOf(
  scan: ScanName,
  range: Times,
  followers: () => ReturnType<typeof followersWanted>,
): Scan | undefined {
  if (scan === 'range') return { filters: { ...range, operations: [succeeded, failed] }, withTexts: true };
  const operations = [succeeded];
  if (scan === 'past') return { filters: { ...beforeRange(range), operations }, withTexts: false };
  const wanted = scan === 'followers' ? followers() : undefined;
  if (wanted === undefined) return undefined;
  const { from, addresses } = wanted;
  const to = wanted.to < range.to ? wanted.to : range.to;
  const only = addresses.length > maxAddresses ? {} : { clientIp: addresses };
  return { filters: { from, to, operations, ...only }, withTexts: false };
}
