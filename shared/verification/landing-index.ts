/** Knows which landings a tenant has: claims name them by a number, eight bytes each. */
import { landingNumber } from '../index/claim-records.ts';
import type { LandingRows } from '../landing/landing.ts';
import { landingStamp, timeOfLanding } from '../landing/landing-names.ts';
import { isPending } from './stored-landing.ts';

export interface LandingIndex {
  /** When the landing with this number landed; undefined if there is none. */
  readonly landedAt: (landing: bigint) => Promise<Date | undefined>;
  /** Whether the landing with this number waits for the indexer: read each time. */
  readonly isWaiting: (landing: bigint) => Promise<boolean>;
  /** Whether a landing has this time. */
  readonly hasTime: (time: Date) => Promise<boolean>;
  /** The times of all landings, in milliseconds, oldest first. */
  readonly times: () => Promise<readonly number[]>;
}

/** New landings arrive meanwhile. After so many misses, those that are missing really are. */
const maxReads = 20;
/** That landed in one millisecond. */
const maxAtOnce = 100;

/** Reads the IDs of all landings when it is first asked, and again when one is unknown: some hundred bytes of memory each. */
export function createLandingIndex(
  landingRows: Pick<LandingRows, 'ids' | 'rows'>,
  tenantId: string,
): LandingIndex {
  let known: ReadonlyMap<bigint, number> | undefined;
  let stamps: ReadonlySet<number> = new Set();
  let reads = 0;
  const read = async () => {
    const found = new Map<bigint, number>();
    for await (const ids of landingRows.ids(tenantId))
      for (const id of ids) found.set(landingNumber(id), timeOfLanding(id).getTime());
    reads++;
    known = found;
    stamps = new Set(found.values());
    return found;
  };
  const landedAt = async (landing: bigint) => {
    const had = (known ?? (await read())).get(landing);
    const time = had === undefined && reads < maxReads ? (await read()).get(landing) : had;
    return time === undefined ? undefined : new Date(time);
  };
  return {
    landedAt,
    async isWaiting(landing) {
      const time = await landedAt(landing);
      if (time === undefined) return false;
      const stamp = landingStamp(time);
      const rows = await landingRows.rows(tenantId, { from: stamp, to: `${stamp}~`, limit: maxAtOnce });
      return rows.some((row) => landingNumber(row.landingId) === landing && isPending({ row }));
    },
    async hasTime(time) {
      if (known === undefined || (!stamps.has(time.getTime()) && reads < maxReads)) await read();
      return stamps.has(time.getTime());
    },
    times: async () => [...(known ?? (await read())).values()],
  };
}
