/** Knows which landings a tenant has: claims name them by a number, eight bytes each. */
import { landingNumber } from '../index/claim-records.ts';
import type { LandingRow, LandingRows } from '../landing/landing.ts';
import { afterLandings, landingStamp, timeOfLanding } from '../landing/landing-names.ts';
import { lazy } from '../lazy.ts';
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

/** After so many readings of all IDs that did not have what was sought, what is missing really is. */
const maxVainReads = 20;
/** Of one request for the newest. */
const maxPage = 1000;
/** Most new landings are newer than all that are known: clocks of hosts differ by less, most often. */
const overlapMs = 60 * 60_000;
/** That landed in one millisecond. */
const maxAtOnce = 100;

/**
 * Reads the IDs of all landings when it is first asked. Reads the newest when one is unknown, and all again if it is none of
 * them: some hundred bytes of memory each.
 */
export function createLandingIndex(
  landingRows: Pick<LandingRows, 'ids' | 'rows'>,
  tenantId: string,
): LandingIndex {
  const known = createKnownLandings(landingRows, tenantId);
  const landedAt = async (landing: bigint) => {
    await known.seek(landing);
    const time = known.numbers.get(landing);
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
      await known.seek(time.getTime());
      return known.times.has(time.getTime());
    },
    async times() {
      await known.begin();
      return [...known.numbers.values()].toSorted((a, b) => a - b);
    },
  };
}

function createKnownLandings(landingRows: Pick<LandingRows, 'ids' | 'rows'>, tenantId: string) {
  const [numbers, times] = [new Map<bigint, number>(), new Set<number>()];
  /** A landing has a row before anything names it. */
  const missing = new Set<bigint | number>();
  let [newest, vainReads] = [0, 0];
  const add = (landingId: string) => {
    const time = timeOfLanding(landingId).getTime();
    numbers.set(landingNumber(landingId), time);
    times.add(time);
    if (time > newest) newest = time;
  };
  const readAll = async () => {
    for await (const ids of landingRows.ids(tenantId)) ids.forEach(add);
  };
  const readNewest = async () => {
    let from: string | undefined = landingStamp(new Date(newest - overlapMs));
    while (from !== undefined) {
      const rows: readonly LandingRow[] = await landingRows.rows(tenantId, {
        from,
        to: afterLandings,
        limit: maxPage,
      });
      for (const { landingId } of rows) add(landingId);
      from = rows.length < maxPage ? undefined : rows.at(-1)?.landingId.concat('~');
    }
  };
  const begin = lazy(readAll);
  /** @param wanted a number or a time */
  const has = (wanted: bigint | number) =>
    typeof wanted === 'bigint' ? numbers.has(wanted) : times.has(wanted);
  return {
    numbers,
    times,
    begin,
    async seek(wanted: bigint | number): Promise<void> {
      await begin();
      if (has(wanted) || missing.has(wanted)) return;
      await readNewest();
      if (!has(wanted) && vainReads < maxVainReads) await readAll();
      if (has(wanted)) return;
      vainReads++;
      missing.add(wanted);
    },
  };
}
