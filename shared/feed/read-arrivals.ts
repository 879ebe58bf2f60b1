/** Reads the records of a set of tenants in the order of their arrival. */
import type { RecordFilters } from '../query/filters.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { withKnownNames } from '../query/known-names.ts';
import {
  atArrival,
  isEarlier,
  movedUp,
  type Arrival,
  type ArrivalPosition,
  type ArrivalSequence,
} from './arrival-sequence.ts';
import { isBefore, type FeedPosition } from './landing-sequence.ts';
import {
  readingOfTenant,
  readLandings,
  startBatch,
  type Batch,
  type FeedDeps,
  type TenantReading,
} from './read-landings.ts';

export interface ArrivalsDeps extends FeedDeps {
  readonly arrivals: Pick<ArrivalSequence, 'arrivals'>;
}

export interface ArrivalsQuestion {
  readonly filters: RecordFilters;
  readonly position: ArrivalPosition;
  /** Maximum number of records. */
  readonly limit: number;
  /** Exclusive end, a position that an earlier batch returned; absent: everything. */
  readonly until?: ArrivalPosition | undefined;
  /**
   * Whether a tenant belongs to the set now; nothing of others is read. It is called once a batch for each tenant that
   * has arrivals, so a tenant that is registered later joins, and one that is removed leaves.
   */
  readonly belongs: (tenantId: string) => Promise<boolean>;
}

export interface ArrivalsBatch {
  /** In the order of arrival, each with its tenant. */
  readonly records: readonly FoundRecord[];
  /** After everything that was read or passed over. */
  readonly position: ArrivalPosition;
  /** False when everything available has been read. */
  readonly more: boolean;
}

/** In one request, as many as storage returns. */
const arrivalsAtOnce = 1000;

/**
 * One request when nothing has arrived. Arrivals of tenants outside the set cost nothing but their place in a request
 * for a thousand.
 *
 * With `until`, the batch is the same whenever it is read, as long as the same tenants belong to the set and are not purged.
 * @throws when storage fails, a raw blob is damaged, or `belongs` throws
 */
export async function readArrivals(deps: ArrivalsDeps, question: ArrivalsQuestion): Promise<ArrivalsBatch> {
  const { until } = question;
  const batch = startBatch(deps, question);
  const openTenant = tenantOpener(deps, question, batch);
  let { position } = question;
  const end = (more: boolean): ArrivalsBatch => ({ records: batch.found, position, more });
  for (;;) {
    const readAt = deps.now();
    const arrivals = await deps.arrivals.arrivals(position.arrival, arrivalsAtOnce);
    for (const arrival of arrivals) {
      const start = startIn(arrival, position);
      if (until !== undefined && !isEarlier(start, until)) return end(true);
      position = await readArrival(deps, arrival, { start, until, openTenant });
      if (position.arrival === arrival.number || batch.shouldEnd()) return end(true);
    }
    if (arrivals.length < arrivalsAtOnce) {
      // A batch that has records ends where they do: it is the same when it is read again.
      if (batch.found.length === 0 && until === undefined) position = movedUp(position, readAt);
      return end(false);
    }
  }
}

/** Undefined for a tenant outside the set. */
type OpenTenant = (tenantId: string) => Promise<TenantReading | undefined>;

/** Each tenant is opened once. */
function tenantOpener({ names }: FeedDeps, question: ArrivalsQuestion, batch: Batch): OpenTenant {
  const opened = new Map<string, TenantReading | undefined>();
  return async (tenantId) => {
    if (opened.has(tenantId)) return opened.get(tenantId);
    const belongs = await question.belongs(tenantId);
    const reading = belongs
      ? readingOfTenant(batch, tenantId, await withKnownNames(names, [tenantId], question.filters))
      : undefined;
    opened.set(tenantId, reading);
    return reading;
  };
}

/** A reader that is in the middle of an arrival continues there. */
function startIn({ number }: Arrival, position: ArrivalPosition): ArrivalPosition {
  return position.arrival === number ? position : { ...atArrival(number), since: position.since };
}

interface ReadingOfArrival {
  readonly start: ArrivalPosition;
  readonly until: ArrivalPosition | undefined;
  readonly openTenant: OpenTenant;
}

/** @returns the position after the arrival, or in it if the batch has to end there */
async function readArrival(
  deps: FeedDeps,
  arrival: Arrival,
  { start, until, openTenant }: ReadingOfArrival,
): Promise<ArrivalPosition> {
  const { number, tenantId, after, through } = arrival;
  const next: ArrivalPosition = { ...atArrival(number + 1), since: start.since };
  const whole = { position: { sequence: after + 1, line: 0 }, until: { sequence: through + 1, line: 0 } };
  const position = later(later(whole.position, { sequence: start.since, line: 0 }), start);
  if (!isBefore(position, whole.until)) return next;
  const tenant = await openTenant(tenantId);
  if (tenant === undefined) return next;
  const isEnd = until?.arrival === number && isBefore(until, whole.until);
  const read = await readLandings(deps, tenant, { position, until: isEnd ? until : whole.until });
  if (!read.more || !isBefore(read.position, whole.until)) return next;
  return { ...start, ...read.position };
}

function later(a: FeedPosition, b: FeedPosition): FeedPosition {
  return isBefore(a, b) ? b : a;
}
