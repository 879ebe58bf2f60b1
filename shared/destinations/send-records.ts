/** Sends a tenant's records on to one destination: batch after batch, in order, each until it has been accepted. */
import { isDeepStrictEqual } from 'node:util';
import { contains } from '../access/tenant-set.ts';
import { acquireLease, LeaseLostError, type HeldLease } from '../deliveries/lease.ts';
import { isBefore } from '../feed/landing-sequence.ts';
import type { FeedDeps } from '../feed/read-landings.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { nextBatch, type PlannedBatch } from './batch.ts';
import {
  beginAttempt,
  closeCircuit,
  misconfiguredWaitMs,
  mustWait,
  openCircuit,
  passOn,
  unchanged,
  type CircuitDeps,
} from './circuit.ts';
import { isGathering, remainingMs, waitsSince } from './gather.ts';
import { nothingSent, type CursorState, type CursorStore, type StoredCursor } from './cursor.ts';
import type { DeadLetterStore } from './dead-letter.ts';
import type { StoredDestination } from './destination.ts';
import type { ConfiguredKind, DestinationSender, SenderContext } from './kind.ts';
import type { DestinationMessage } from './messages.ts';
import { readAhead, type Stretch, type Wanted } from './read-ahead.ts';
import { settle, type Settled } from './settle.ts';
import { usableOf, type UsableDeps } from './usable.ts';

export interface SendRecordsDeps extends FeedDeps, CircuitDeps, UsableDeps {
  readonly cursors: CursorStore;
  readonly deadLetters: DeadLetterStore;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly senderContext: SenderContext;
}

/** The budget of one message, in milliseconds: destinations share the instances. */
export const sendingBudgetMs = 60_000;
/** Longer than reading a batch and sending it. Every step renews it. */
const leaseMs = 2 * 60_000;

/** Sends what a message is about. */
interface Sending {
  readonly deps: SendRecordsDeps;
  readonly message: DestinationMessage & { readonly tenantId: string };
  readonly destination: StoredDestination;
  readonly kind: ConfiguredKind;
  readonly wanted: Wanted;
  readonly lease: HeldLease<StoredCursor, CursorState>;
  readonly sender: DestinationSender;
  readonly budget: AbortSignal;
}

/**
 * Sends until there is nothing new, an attempt fails, or the budget is spent; the rest is left to another message.
 * Sends nothing of a tenant that is not managed, or not in the set of the destination.
 * @throws when storage fails: the message must be redelivered
 */
export async function sendRecords(
  deps: SendRecordsDeps,
  message: DestinationMessage & { readonly tenantId: string },
  budget: AbortSignal,
): Promise<void> {
  const destination = await deps.destinations.get(message.destinationId);
  if (destination === undefined || destination.paused) return;
  const attempt = { destination, message };
  if (await mustWait(deps, attempt)) return;
  const usable = await usableOf(deps, destination);
  if ('outcome' in usable) {
    await openCircuit(deps, attempt, usable);
    return;
  }
  const tenant = await findManagedTenant(deps.tenants, message.tenantId);
  const isWanted = tenant !== undefined && contains(destination.tenants, tenant);
  const { limits } = usable.kind;
  const lease = isWanted ? await acquireCursor(deps, { destination, message, limits }) : undefined;
  if (lease === undefined || tenant === undefined) {
    await passOn(deps, attempt);
    return;
  }
  const { tenantId, displayName: tenantName } = tenant;
  const endSequence = destination.until?.getTime();
  const wanted = { tenantId, tenantName, filters: usable.filters, endSequence };
  await sendTo({ deps, message, destination, kind: usable.kind, wanted, lease, budget });
}

async function sendTo(asked: Omit<Sending, 'sender'>): Promise<void> {
  const sender = asked.kind.open(asked.deps.senderContext);
  try {
    await sendBatches({ ...asked, sender });
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
  } finally {
    await sender.close();
  }
}

/** Undefined also when everything waits for more. */
async function acquireCursor(
  { cursors, queues, now }: SendRecordsDeps,
  {
    destination: { destinationId, since },
    message,
    limits,
  }: Pick<Sending, 'destination' | 'message'> & Pick<ConfiguredKind, 'limits'>,
): Promise<HeldLease<StoredCursor, CursorState> | undefined> {
  const { tenantId } = message;
  const first = { position: { sequence: since.getTime(), line: 0 }, counts: nothingSent };
  const read = async (): Promise<StoredCursor | undefined> =>
    (await cursors.get(tenantId, destinationId)) ??
    (await cursors.create({ tenantId, destinationId, ...first })) ??
    (await cursors.get(tenantId, destinationId));
  return await acquireLease<StoredCursor, CursorState>(
    {
      read: async () => {
        const found = await read();
        return found === undefined || isGathering(limits, found, now()) ? undefined : found;
      },
      update: (row, changes) => cursors.update(row, changes),
      standBy: (_, delayMs) =>
        queues.requestSending({ version: 1, destinationId, tenantId, standby: true }, delayMs),
    },
    { now, leaseMs, isStandby: message.standby === true },
  );
}

async function sendBatches(sending: Sending): Promise<void> {
  const { deps, kind, lease, budget } = sending;
  let ahead: Stretch | undefined;
  let begun: StoredDestination | undefined;
  do {
    ahead = await readOn(sending, ahead);
    const batch = nextBatch(kind, lease.current(), ahead);
    const since =
      batch && waitsSince(kind.limits, lease.current(), { stretch: ahead, batch, now: deps.now() });
    let next: Next;
    if (batch === undefined) next = await pass(lease, ahead);
    else if (since !== undefined) next = await gather(sending, since);
    else {
      begun = await (begun === undefined ? beginAttempt(deps, sending) : goOnWith(deps, begun));
      if (begun === undefined) break;
      next = await sendOne({ ...sending, destination: begun }, ahead, batch);
    }
    if (next === 'failed') return;
    if (next === 'accepted' || next === 'ended') begun = await succeed(sending, begun);
    if (next === 'ended') return;
  } while (!budget.aborted);
  if (begun !== undefined) await succeed(sending, begun);
  // For the rest, or after a change; superfluous while another tenant tries.
  const { destinationId, tenantId } = sending.message;
  await deps.queues.requestSending({ version: 1, destinationId, tenantId });
  await lease.release({});
}

/** Changes take effect with the next batch. */
async function goOnWith(
  deps: SendRecordsDeps,
  begun: StoredDestination,
): Promise<StoredDestination | undefined> {
  return (await unchanged(deps, begun)) && begun;
}

/** @param begun undefined if there was nothing to send: another tenant tries then */
async function succeed(
  sending: Sending,
  begun: StoredDestination | undefined,
): Promise<StoredDestination | undefined> {
  if (begun === undefined) await passOn(sending.deps, sending);
  if (begun?.circuit === undefined) return begun;
  await closeCircuit(sending.deps, begun.destinationId);
  return { ...begun, circuit: undefined };
}

/** What was read and not sent yet; reads on where nothing is left of it. */
async function readOn({ deps, kind, wanted, lease }: Sending, ahead: Stretch | undefined): Promise<Stretch> {
  const { position } = lease.current();
  const left = ahead?.records.filter(({ place }) => !isBefore(place, position)) ?? [];
  return ahead !== undefined && left.length > 0
    ? { ...ahead, records: left }
    : await readAhead(deps, wanted, lease.current(), kind.limits);
}

/** `accepted`: some were, and there are more. `ended`: everything available was sent. `failed`: nothing more can be sent now, and a message will try again. */
type Next = 'continues' | 'accepted' | 'ended' | 'failed';

type Lease = Sending['lease'];

/** Where nothing is wanted. */
async function pass(lease: Lease, { records, end, more }: Stretch): Promise<Next> {
  // Records that are not wanted anymore were pending.
  if (records.length > 0) return await goOn(lease, { pendingTo: undefined });
  const passed = { position: end, pendingTo: undefined };
  return more ? await goOn(lease, passed) : await finish(lease, passed);
}

/** Leaves the records to a message that comes when they have waited long enough. */
async function gather({ deps, message, kind, lease }: Sending, since: Date): Promise<Next> {
  const { destinationId, tenantId } = message;
  const leftMs = remainingMs(kind.limits.waitMs ?? 0, since, deps.now());
  await deps.queues.requestSending({ version: 1, destinationId, tenantId }, leftMs);
  return await finish(lease, { waitingSince: since });
}

async function goOn(lease: Lease, changes: Partial<CursorState>): Promise<Next> {
  await lease.save(changes);
  return 'continues';
}

async function finish(lease: Lease, changes: Partial<CursorState>): Promise<Next> {
  return (await lease.finish(changes)) ? 'ended' : 'continues';
}

async function sendOne(
  { deps, message, destination, lease, sender }: Sending,
  { records, more }: Stretch,
  batch: PlannedBatch,
): Promise<Next> {
  const { destinationId, kind } = destination;
  // Before anything is sent: a second attempt must send the same.
  await lease.save({ pendingTo: batch.to, waitingSince: undefined });
  const result = await sender.send(batch, AbortSignal.timeout(sendingBudgetMs));
  const settled = settle(deps, { cursor: lease.current(), batch, result });
  const { changes, letters, failure } = await decided(deps, lease.current(), settled);
  deps.telemetry('destinations.batch.sent', {
    destinationId,
    kind,
    tenantId: message.tenantId,
    outcome: result.outcome,
    records: batch.records.length,
    rejected: letters.length,
  });
  if (letters.length > 0) await deps.deadLetters.put(letters);
  if (failure !== undefined) {
    await openCircuit(deps, { destination, message }, failure);
    await lease.release(changes);
    return 'failed';
  }
  const isLast =
    !more && batch.records.length === records.length && isDeepStrictEqual(changes.position, batch.to);
  const next = isLast ? await finish(lease, changes) : await goOn(lease, changes);
  return next === 'continues' && changes.lastSentDateTime !== undefined ? 'accepted' : next;
}

/** Where a tenant's records are refused one after the other, those of others show whether all are. */
async function decided(
  { cursors, now }: SendRecordsDeps,
  { tenantId, destinationId, refusedSince }: StoredCursor,
  { ifOthersAccepted, ...settled }: Settled,
): Promise<Omit<Settled, 'ifOthersAccepted'>> {
  if (ifOthersAccepted === undefined || refusedSince === undefined) return settled;
  // Not older than an attempt, so that a mistake in the settings that was made since costs few records.
  const from = Math.max(refusedSince.getTime(), now().getTime() - misconfiguredWaitMs);
  for await (const page of cursors.listOf(destinationId))
    for (const other of page)
      if (other.tenantId !== tenantId && Number(other.lastSentDateTime ?? 0) > from) return ifOthersAccepted;
  return settled;
}
