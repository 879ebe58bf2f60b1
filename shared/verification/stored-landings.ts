/** All landings of a tenant, whether storage has a row of them, a raw blob, or both. */
import type { LandingRow, LandingRows } from '../landing/landing.ts';
import { landingIdOfBlob, landingStamp } from '../landing/landing-names.ts';
import type { RawNames } from '../landing/raw-store.ts';
import { dayOf } from '../utc-day.ts';
import type { StoredLanding } from './stored-landing.ts';

export interface StoredLandingsDeps {
  readonly landingRows: Pick<LandingRows, 'rows'>;
  readonly rawNames: RawNames;
}

/** Landed in [from, to), after the landing with this ID. */
export interface LandedRange {
  readonly tenantId: string;
  readonly from?: Date | undefined;
  readonly to: Date;
  readonly after?: string | undefined;
}

const dayMs = 24 * 60 * 60_000;
const rowsAtOnce = 1000;

/** In the order of landing, a day at a time. @throws Error when storage fails */
export async function* storedLandings(
  deps: StoredLandingsDeps,
  range: LandedRange,
): AsyncGenerator<StoredLanding> {
  const { tenantId, after = '' } = range;
  const [from, to] = [range.from === undefined ? '' : landingStamp(range.from), landingStamp(range.to)];
  const blobDays = new Set(await deps.rawNames.days(tenantId));
  for (const day of await daysOf(deps, range, blobDays)) {
    const names = blobDays.has(day) ? await deps.rawNames.names(tenantId, day) : [];
    const blobs = new Set(names.flatMap((name) => landingIdOfBlob(name) ?? []));
    const rows = new Map<string, LandingRow>();
    for await (const row of rowsOfDay(deps, tenantId, day)) rows.set(row.landingId, row);
    for (const landingId of [...new Set([...blobs, ...rows.keys()])].sort())
      if (landingId >= from && landingId < to && landingId > after)
        yield { tenantId, landingId, row: rows.get(landingId), hasBlob: blobs.has(landingId) };
  }
}

/** Days that may have a landing, `yyyy-MM-dd`. */
async function daysOf(
  { landingRows }: StoredLandingsDeps,
  { tenantId, from, to, after }: LandedRange,
  blobDays: ReadonlySet<string>,
): Promise<readonly string[]> {
  const [first] = await landingRows.rows(tenantId, { from: '0', to: ':', limit: 1 });
  const days = new Set(blobDays);
  const start = first?.landedAt ?? to;
  for (let at = Math.floor(start.getTime() / dayMs); at * dayMs < to.getTime(); at++)
    days.add(dayOf(new Date(at * dayMs)));
  const afterDay = after === undefined ? '' : dayOfId(after);
  const fromDay = from === undefined ? '' : dayOf(from);
  return [...days].filter((day) => day >= fromDay && day >= afterDay && day <= dayOf(to)).sort();
}

function dayOfId(landingId: string): string {
  return `${landingId.slice(0, 4)}-${landingId.slice(4, 6)}-${landingId.slice(6, 8)}`;
}

async function* rowsOfDay(
  { landingRows }: StoredLandingsDeps,
  tenantId: string,
  day: string,
): AsyncGenerator<LandingRow> {
  const to = landingStamp(new Date(Date.parse(day) + dayMs));
  let from = landingStamp(new Date(day));
  for (;;) {
    const rows = await landingRows.rows(tenantId, { from, to, limit: rowsAtOnce });
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < rowsAtOnce || last === undefined) return;
    // The least key after it.
    from = `${last.landingId}\u0001`;
  }
}
