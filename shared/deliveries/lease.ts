/** One host delivers at a time: only the holder of a lease changes the row that says how far deliveries have come. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { storedDate } from '../stored-date.ts';

export const leaseSchema = z.object({
  holder: z.string(),
  until: storedDate,
  /** New records arrived while the lease was held: the holder must re-check; a delayed message covers a crashed holder. */
  notified: z.boolean().default(false),
});
export type Lease = Readonly<z.output<typeof leaseSchema>>;

/** What a change of the lease changes. */
export interface LeaseChange {
  readonly lease: Lease | undefined;
}

interface Leased {
  readonly lease?: Lease | undefined;
}

/** The row that is leased. */
export interface LeasedRow<Row extends Leased, Changes> {
  /** As it is now; undefined when it is gone, or nothing may be delivered. */
  read(): Promise<Row | undefined>;
  /** Undefined, and nothing written, when it was modified since or is gone. */
  update(row: Row, changes: Partial<Changes> & LeaseChange): Promise<Row | undefined>;
  /** Sends a message that covers a holder that crashed. Durable when it resolves. */
  standBy(row: Row, delayMs: number): Promise<void>;
}

export interface LeaseOptions {
  readonly now: () => Date;
  /** How long a lease lasts after a crash: longer than reading a batch and sending it. Every step renews it. */
  readonly leaseMs: number;
  /** The message is one that `standBy` sent. */
  readonly isStandby: boolean;
}

/** The row is gone or disabled, or its lease was acquired by another host: the holder stops. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface HeldLease<Row, Changes> {
  /** The row as it is, as far as this holder knows. */
  readonly current: () => Row;
  /** Renews the lease. @throws LeaseLostError */
  save(changes: Partial<Changes>): Promise<void>;
  /** Releases the lease; false, and it is kept, when new records arrived meanwhile. @throws LeaseLostError */
  finish(changes: Partial<Changes>): Promise<boolean>;
  /** Releases the lease, as a message is on its way that checks for new records. @throws LeaseLostError */
  release(changes: Partial<Changes>): Promise<void>;
}

/**
 * Acquires the lease. If another host holds it, that host is notified of new records, and a delayed message covers the
 * case that it crashes, so no record is missed.
 * @returns undefined then, and when nothing may be delivered
 */
export async function acquireLease<Row extends Leased, Changes>(
  leased: LeasedRow<Row, Changes>,
  options: LeaseOptions,
): Promise<HeldLease<Row, Changes> | undefined> {
  const holder = randomUUID();
  for (;;) {
    const found = await leased.read();
    if (found === undefined) return undefined;
    const { lease } = found;
    // This call acquired it, and the answer was lost.
    if (lease?.holder === holder) return holdLease(leased, options, found, holder);
    if (lease !== undefined && lease.until > options.now()) {
      if (await notifyHolder(leased, options, found, lease)) return undefined;
      continue;
    }
    const acquired = await leased.update(found, onlyLease(newLease(options, holder, false)));
    if (acquired !== undefined) return holdLease(leased, options, acquired, holder);
  }
}

function newLease({ now, leaseMs }: LeaseOptions, holder: string, notified: boolean): Lease {
  return { holder, until: new Date(now().getTime() + leaseMs), notified };
}

function onlyLease<Changes>(lease: Lease): Partial<Changes> & LeaseChange {
  const nothing: Partial<Changes> = {};
  return { ...nothing, lease };
}

/** False when the row changed meanwhile: its holder may not have seen the notification. */
async function notifyHolder<Row extends Leased, Changes>(
  leased: LeasedRow<Row, Changes>,
  { now, isStandby }: LeaseOptions,
  held: Row,
  lease: Lease,
): Promise<boolean> {
  // A renewed lease lasts longer than its message was delayed, so the message is delayed again.
  if (lease.notified && !isStandby) return true;
  const waitMs = lease.until.getTime() - now().getTime() + 1000;
  // The message comes first: a crash between the two only costs a superfluous check.
  await leased.standBy(held, waitMs);
  if (lease.notified) return true;
  return (await leased.update(held, onlyLease({ ...lease, notified: true }))) !== undefined;
}

function holdLease<Row extends Leased, Changes>(
  leased: LeasedRow<Row, Changes>,
  options: LeaseOptions,
  acquired: Row,
  holder: string,
): HeldLease<Row, Changes> {
  let current = acquired;
  const isNotified = () => current.lease?.notified === true;
  /** False when the row has changed; `current` then is what it is now. */
  const tryWrite = async (changes: Partial<Changes>, lease: Lease | undefined): Promise<boolean> => {
    const written = await leased.update(current, { ...changes, lease });
    current = written ?? (await readHeld(leased, holder));
    return written !== undefined;
  };
  return {
    current: () => current,
    async save(changes) {
      while (!(await tryWrite(changes, newLease(options, holder, isNotified()))));
    },
    async release(changes) {
      while (!(await tryWrite(changes, undefined)));
    },
    async finish(changes) {
      for (;;) {
        const goesOn = isNotified();
        const lease = goesOn ? newLease(options, holder, false) : undefined;
        if (await tryWrite(changes, lease)) return !goesOn;
      }
    },
  };
}

/** @throws LeaseLostError */
async function readHeld<Row extends Leased, Changes>(
  leased: LeasedRow<Row, Changes>,
  holder: string,
): Promise<Row> {
  const found = await leased.read();
  if (found?.lease?.holder === holder) return found;
  throw new LeaseLostError('The lease was lost: another host delivers, or nothing may be delivered.');
}
