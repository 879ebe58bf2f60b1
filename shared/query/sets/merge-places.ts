/** Merges the records of tenants whose next moments are known, reading only those whose turn comes. */
import pMap from 'p-map';
import { invertedTime } from '../../index/keys.ts';
import type { StoredTenant } from '../../tenants/tenant.ts';
import type { TimeRange } from '../filters.ts';
import { orderKey, positionOf, type FoundRecord } from '../found-record.ts';
import { isInSnapshot } from '../reading/execute-query.ts';
import type { Order } from '../record-query.ts';
import type { TenantPlace } from './set-position.ts';
import { runIn, tenantsAtOnce, type SetReading } from './set-reading.ts';
import type { TenantRun } from './tenant-run.ts';

/** A tenant in the queue of the merge. */
export interface Queued {
  readonly place: TenantPlace;
  /** Order key of its next record, or that of the earliest that its next record may have. */
  readonly key: string;
  /** Present once its next record is ready. */
  readonly run?: TenantRun | undefined;
  /** The budget ended before its next record was found. */
  readonly isStopped?: true;
}

export interface Merged {
  readonly left: readonly TenantPlace[];
  readonly last: string | undefined;
  /** Those that were read for the page, by ID. */
  readonly read: ReadonlyMap<string, StoredTenant>;
}

/** A run is ready for the place, or it begins with its head. */
export function queued(place: TenantPlace, order: Order, run?: TenantRun): Queued {
  const record = run?.peek();
  if (record !== undefined) return { place, run, key: orderKey(record) };
  if (place.next !== undefined) return { place, key: `${place.next} ${place.tenantId}` };
  const moment = place.head === undefined ? '' : invertedTime(place.head);
  // Before all records of the moment, in either order.
  return { place, key: order === 'asc' ? `${moment}~` : moment };
}

export interface MergeOptions {
  readonly queue: readonly Queued[];
  readonly range: TimeRange;
}

/** Takes records until the page is full, its budget is spent, or none are left. */
export async function mergePlaces(reading: SetReading, { queue, range }: MergeOptions): Promise<Merged> {
  const { query, position } = reading;
  const turns = createTurns(query.order, queue);
  const read = new Map<string, StoredTenant>();
  let last = position.last;
  while (reading.records.length < query.top) {
    await readyNext(reading, turns, range, read);
    if (reading.records.length === 0) await progressFirst(reading, turns, range, read);
    const next = turns.first();
    const record = next?.run?.peek();
    if (next?.run === undefined || record === undefined) break;
    if (isShown(reading, next.place, record)) {
      if (!(await mayTake(reading, record))) break;
      reading.records.push(record);
      last = orderKey(record);
    }
    next.run.take();
    turns.removeFirst();
    turns.add(await following(reading, next.place, next.run, record));
  }
  const hasRecords = reading.records.length > 0;
  return { left: turns.all().map((one) => leftOf(one, hasRecords)), last, read };
}

/**
 * The first page is not limited to its snapshot: clocks of machines differ. Older records than the tenant is complete
 * through are shown, whenever they were ingested: it may have been opened by a later page.
 */
function isShown(
  { position: { snapshot } }: SetReading,
  { claim }: TenantPlace,
  record: FoundRecord,
): boolean {
  return isInSnapshot(record, { snapshot, completeThrough: claim?.completeThrough });
}

async function mayTake({ query, execution }: SetReading, record: FoundRecord): Promise<boolean> {
  return query.room === undefined || (await query.room.take(record, execution.budget));
}

/** The place of a run whose record was taken; undefined at its end. */
async function following(
  { query }: SetReading,
  place: TenantPlace,
  run: TenantRun,
  taken: FoundRecord,
): Promise<Queued | undefined> {
  const state = await run.advance();
  if (state === 'end') return undefined;
  if (state === 'record') return queued(place, query.order, run);
  const stopped = { ...place, head: taken.createdDateTime, next: undefined, stopped: run.resume() };
  return { ...queued(stopped, query.order), isStopped: true };
}

/** Makes the next record ready, and those that follow it soon: storage takes as long for several as for one. */
async function readyNext(
  reading: SetReading,
  turns: Turns,
  range: TimeRange,
  read: Map<string, StoredTenant>,
): Promise<void> {
  for (;;) {
    const next = turns.first();
    if (next === undefined || next.run !== undefined || next.isStopped === true) return;
    const soon = turns.takeUnread(Math.min(tenantsAtOnce, reading.query.top + 1 - reading.records.length));
    const ready = await pMap(soon, (one) => makeReady(reading, one.place, range, read));
    for (const one of ready) turns.add(one);
  }
}

/**
 * Tenants that are read at once share the budget: those whose turn comes later may have spent it, and what they found is
 * forgotten with a page that returns records. Before it has one, the tenant whose turn it is always gets further.
 */
async function progressFirst(
  reading: SetReading,
  turns: Turns,
  range: TimeRange,
  read: Map<string, StoredTenant>,
): Promise<void> {
  const first = turns.first();
  if (first?.isStopped !== true) return;
  turns.removeFirst();
  turns.add(await makeReady(reading, first.place, { ...range, mustProgress: true }, read));
}

async function makeReady(
  reading: SetReading,
  place: TenantPlace,
  range: TimeRange & { readonly mustProgress?: boolean },
  read: Map<string, StoredTenant>,
): Promise<Queued | undefined> {
  const { deps, query } = reading;
  const tenant = await deps.tenantOf(place.tenantId);
  if (tenant === undefined) return undefined;
  read.set(place.tenantId, tenant);
  const run = await runIn(reading, place, range);
  const state = await run.advance();
  if (state === 'end') return undefined;
  if (state === 'record') return queued({ ...place, stopped: undefined }, query.order, run);
  return { ...queued({ ...place, stopped: run.resume() }, query.order), isStopped: true };
}

function leftOf({ place, run }: Queued, hasRecords: boolean): TenantPlace {
  const record = run?.peek();
  if (record === undefined) return place;
  const next = hasRecords ? undefined : positionOf(record);
  return { ...place, head: record.createdDateTime, next, stopped: undefined };
}

type Turns = ReturnType<typeof createTurns>;

/** Tenants in the order of their next records. */
function createTurns(order: Order, queue: readonly Queued[]) {
  const isBefore = (one: Queued, other: Queued) =>
    order === 'asc' ? one.key > other.key : one.key < other.key;
  const sorted = queue.toSorted((one, other) => Number(isBefore(other, one)) - Number(isBefore(one, other)));
  return {
    all: (): readonly Queued[] => sorted,
    first: () => sorted[0],
    removeFirst: () => void sorted.shift(),
    add(one: Queued | undefined): void {
      if (one === undefined) return;
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        const other = sorted[middle];
        if (other !== undefined && isBefore(other, one)) low = middle + 1;
        else high = middle;
      }
      sorted.splice(low, 0, one);
    },
    /** Removes those of the first whose records are not ready. */
    takeUnread(count: number): readonly Queued[] {
      const taken = sorted
        .slice(0, count)
        .filter(({ run, isStopped }) => run === undefined && isStopped === undefined);
      for (const one of taken) sorted.splice(sorted.indexOf(one), 1);
      return taken;
    },
  };
}
