/** Partitions of the table of records: one for each month of their times. */

export interface Month {
  /** Name of the table of the partition. */
  readonly partition: string;
  /** Its first moment, such as `2026-03-01`, UTC. */
  readonly from: string;
  /** The first moment of the next month. */
  readonly to: string;
}

/** Microsoft 365 has had one audit log since 2015; what claims to be older has a wrong time. */
const firstMonth = Date.UTC(2015, 0);

/**
 * The months of these times, each once, which have partitions of their own. Times before 2015 or after the next month
 * have none: they are wrong, and each would cost a table.
 */
export function monthsOf(times: readonly Date[], now: Date): readonly Month[] {
  const end = startOfMonth(now, 2);
  const starts = times.map((time) => startOfMonth(time, 0));
  return [...new Set(starts)].filter((start) => start >= firstMonth && start < end).map(monthFrom);
}

/** The month after this moment, whose partition is made before it is needed. */
export function monthAfter(now: Date): Month {
  return monthFrom(startOfMonth(now, 1));
}

function startOfMonth(time: Date, later: number): number {
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + later);
}

function monthFrom(start: number): Month {
  const from = dayOf(start);
  return {
    partition: `records_${from.slice(0, 7).replace('-', '_')}`,
    from,
    to: dayOf(startOfMonth(new Date(start), 1)),
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
