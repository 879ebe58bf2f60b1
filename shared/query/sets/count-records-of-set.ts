/** Counts records of a set of tenants, one tenant after another: the order of time makes no difference to counts. */
import pMap from 'p-map';
import type { SetGroupKey } from '../group-key.ts';
import { createTally, type CountPart } from '../count-records.ts';
import type { TimeRange } from '../filters.ts';
import { executionIn, isInSnapshot, openReader } from '../reading/execute-query.ts';
import { maxPageSize } from '../reading/record-stream.ts';
import { claimed, type Opened, type ReadTenant } from './list-records-of-set.ts';
import type { Opening } from './open-places.ts';
import type { PageOfSet } from './set-page.ts';
import { isOpened, type SetPosition, type TenantPlace } from './set-position.ts';
import {
  startReading,
  tenantsAtOnce,
  type SetQuery,
  type SetReadDeps,
  type SetReading,
} from './set-reading.ts';

export interface CountSetQuery extends Pick<SetQuery, 'filters' | 'toComplete'> {
  readonly groupBy: readonly SetGroupKey[];
  readonly top: number;
}

/** Counts of one part of the tenants' records; those of all parts add up. */
export interface SetCounts extends PageOfSet, Omit<CountPart, 'covers' | 'next'> {
  readonly tenants: readonly ReadTenant[];
  readonly end: Date | undefined;
}

/** Tenants whose rows are held at once. */
const countedAtOnce = 4;

type Tally = ReturnType<typeof createTally>;

/**
 * A page counts at most 200 tenants, and ends at its budget. With `to=complete`, the first pages only read how complete
 * tenants are, and count nothing.
 * @throws when storage fails
 */
export async function countRecordsOfSet(
  deps: SetReadDeps,
  query: CountSetQuery,
  position: SetPosition,
): Promise<SetCounts> {
  const snapshot = position.snapshot ?? deps.now();
  const tally = createTally(query);
  const opened = query.toComplete ? await openAll(deps, query, position) : unread(position);
  const { places: left, claim: known } = opened;
  const isCounting = !query.toComplete || isOpened(left);
  const reading = countingIn(deps, query, { ...position, places: left, claim: known });
  const { places, claim, end, found } = isCounting ? await countAll(reading, tally) : opened;
  return {
    ...tally.result(),
    ...reading.execution.budget.cost,
    tenants: [...new Map([...opened.found, ...found].map(byId)).values()],
    end,
    position: { ...position, snapshot, places, claim },
    isLast: places.length === 0,
  };
}

function countingIn(deps: SetReadDeps, query: CountSetQuery, position: SetPosition): SetReading {
  return startReading(deps, { ...query, order: 'desc', top: 0, room: undefined }, position);
}

function unread({ places, claim }: SetPosition): Opened {
  return { places, claim, end: undefined, found: [] };
}

/** Reads how complete more of the tenants are, as long as that of some is not known. */
async function openAll(deps: SetReadDeps, query: CountSetQuery, position: SetPosition): Promise<Opened> {
  if (isOpened(position.places)) return unread(position);
  const reading = countingIn(deps, query, position);
  return claimed(reading, await readClaims(reading));
}

async function countAll(reading: SetReading, tally: Tally): Promise<Opened> {
  const { end } = claimed(reading, []);
  const range = reading.query.toComplete ? { to: end } : {};
  return claimed(reading, await countPlaces(reading, tally, range));
}

function byId(one: ReadTenant): readonly [string, ReadTenant] {
  return [one.tenant.tenantId, one];
}

/** How complete as many of the tenants are as a page may read. */
async function readClaims({ deps, position, opensAtMost }: SetReading): Promise<readonly Opening[]> {
  const chosen = new Set(position.places.filter(({ claim }) => claim === undefined).slice(0, opensAtMost));
  const read = async (place: TenantPlace): Promise<Opening> => {
    if (!chosen.has(place)) return { place };
    const tenant = await deps.tenantOf(place.tenantId);
    return tenant === undefined
      ? { place: undefined }
      : { place, found: { tenant, known: await deps.completeness(tenant) } };
  };
  return await pMap(position.places, read, { concurrency: tenantsAtOnce });
}

async function countPlaces(reading: SetReading, tally: Tally, range: TimeRange): Promise<readonly Opening[]> {
  const { position, opensAtMost } = reading;
  let isSpent = false;
  const count = async (place: TenantPlace, at: number): Promise<Opening> => {
    if (isSpent || at >= opensAtMost) return { place };
    const opening = await countPlace(reading, place, { tally, range });
    isSpent ||= opening.place !== undefined;
    return opening;
  };
  return await pMap(position.places, count, { concurrency: countedAtOnce });
}

interface Counting {
  readonly tally: Tally;
  readonly range: TimeRange;
}

async function countPlace(
  { deps, position, execution }: SetReading,
  place: TenantPlace,
  { tally, range }: Counting,
): Promise<Opening> {
  const tenant = await deps.tenantOf(place.tenantId);
  if (tenant === undefined) return { place: undefined };
  // Before its records: they must not be called complete for what was indexed while they were read.
  const known = place.claim ?? (await deps.completeness(tenant));
  const found = { tenant, known };
  const inTenant = executionIn(execution, { tenantId: place.tenantId }, range);
  const cursors = place.stopped?.cursors ?? {};
  const reader = await openReader(inTenant, { range: inTenant.range, cursors, wanted: () => maxPageSize });
  const shown = { snapshot: position.snapshot, completeThrough: known.completeThrough };
  for (;;) {
    const state = await reader.advance();
    if (state === 'blocked') return { place: { ...place, stopped: { cursors: reader.cursors() } }, found };
    if (state === 'end') return { place: undefined, found };
    const record = reader.take();
    if (record !== undefined && isInSnapshot(record, shown)) tally.add(record);
  }
}
