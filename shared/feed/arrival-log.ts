/** Where arrivals are numbered: one counter for all tenants, and what was announced last of each. */
import type { Arrival, ArrivalSequence } from './arrival-sequence.ts';

/** The newest number, as it was read or written. */
export interface ArrivalCounter {
  readonly number: number;
  readonly version: string;
}

/** How far a tenant's landings are announced, as it was read or written. */
export interface AnnouncedTenant {
  readonly through: number;
  readonly version: string;
}

export interface NewArrival {
  readonly arrival: Arrival;
  /** Undefined if nothing of the tenant was announced. */
  readonly before: AnnouncedTenant | undefined;
}

/** What {@link ArrivalLog.append} wrote. */
export interface AppendedArrivals {
  readonly newest: ArrivalCounter;
  /** In the order of the arrivals. */
  readonly tenants: readonly AnnouncedTenant[];
}

export interface ArrivalLog extends ArrivalSequence {
  /** Undefined before the first arrival. */
  newest(): Promise<ArrivalCounter | undefined>;
  /** Undefined if nothing of the tenant was announced, or it was purged since. */
  announced(tenantId: string): Promise<AnnouncedTenant | undefined>;
  /** Of all tenants, in pages of at most a thousand; each costs a request. */
  announcedAll(): AsyncIterable<readonly Pick<Arrival, 'tenantId' | 'through'>[]>;
  /**
   * Adds arrivals of different tenants, at most {@link maxNewArrivals}, in the order of their numbers, all or none.
   * Undefined, with nothing written, when the counter or one of the tenants is no longer what it was.
   * @throws when storage fails: then they were added or not
   */
  append(
    newest: ArrivalCounter | undefined,
    arrivals: readonly NewArrival[],
  ): Promise<AppendedArrivals | undefined>;
  /**
   * Deletes arrivals with lower numbers, oldest first, in steps of a bounded size; what is announced of their tenants stays.
   * Yields the number of rows of each step. Stopping after any of them, or running several at once, does no harm.
   */
  expire(before: number): AsyncIterable<number>;
}

/** Three rows each and the counter: a transaction has at most 100. */
export const maxNewArrivals = 33;
