/** Sends what is due at a channel: one message after the other, each until its receiver has answered. */
import pMap from 'p-map';
import { acquireLease, LeaseLostError } from '../deliveries/lease.ts';
import type { ChannelChanges, StoredChannel } from './channel.ts';
import type { StoredWaiting } from './delivery.ts';
import type { ChannelMessage } from './notifications.ts';
import { openSender, unusable } from './open-sender.ts';
import { maxTogether, planNext } from './plan.ts';
import { describe, resumePending, sendParts, type Parts } from './send-message.ts';
import {
  endWithFailure,
  waitMs,
  type ChannelLease,
  type RunChannelDeps,
  type Sending,
  type Step,
} from './sending.ts';
import { stillFor } from './still-for.ts';

/** The budget of one message, in milliseconds: channels share the instances. */
export const channelBudgetMs = 60_000;
/** Longer than an attempt. Every step renews it. */
const leaseMs = 3 * 60_000;

/**
 * Sends until nothing is due, an attempt fails, or the budget is spent; the rest is left to another queue message.
 * @throws when storage fails: the message must be redelivered
 */
export async function runChannel(
  deps: RunChannelDeps,
  message: ChannelMessage,
  budget: AbortSignal,
): Promise<void> {
  const { channels, deliveries, now } = deps;
  const { channelId } = message;
  const found = await channels.get(channelId);
  if (found === undefined || !isReady(found, now())) return;
  // Reading is cheaper than a lease: most messages of a digest find that an earlier one has sent everything.
  if (found.pending === undefined && (await deliveries.due(channelId, now(), 1)).length === 0) return;
  const lease = await acquire(deps, message);
  if (lease === undefined) return;
  try {
    await sendUnder(deps, lease, budget);
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
  }
}

function isReady({ paused, circuit }: StoredChannel, now: Date): boolean {
  return !paused && (circuit === undefined || circuit.nextAttemptAt <= now);
}

async function acquire(
  { channels, queues, now }: RunChannelDeps,
  { channelId, standby }: ChannelMessage,
): Promise<ChannelLease | undefined> {
  return await acquireLease<StoredChannel, ChannelChanges>(
    {
      async read() {
        const found = await channels.get(channelId);
        return found !== undefined && !found.paused ? found : undefined;
      },
      update: (row, changes) => channels.update(row, changes),
      standBy: (_row, delayMs) => queues.requestChannel({ version: 1, channelId, standby: true }, delayMs),
    },
    { now, leaseMs, isStandby: standby === true },
  );
}

async function sendUnder(deps: RunChannelDeps, lease: ChannelLease, budget: AbortSignal): Promise<void> {
  const { kind: name, channelId } = lease.current();
  const kind = deps.channelKinds.get(name);
  const sender = openSender(kind, lease.current(), deps.senderContext);
  if (kind === undefined || sender === undefined) {
    await endWithFailure({ deps, lease }, unusable, { pending: lease.current().pending });
    return;
  }
  const sending = { deps, lease, sender, kind };
  try {
    do {
      if ((await sendNext(sending)) === 'ended') return;
    } while (!budget.aborted);
  } finally {
    await sender.close();
  }
  await deps.queues.requestChannel({ version: 1, channelId });
  await lease.release({});
}

async function sendNext(sending: Sending): Promise<Step> {
  const { deps, lease, kind } = sending;
  const { pending, channelId } = lease.current();
  if (pending !== undefined) return await resumePending(sending, pending);
  const due = await deps.deliveries.due(channelId, deps.now(), 2 * maxTogether);
  const plan = planNext(lease.current(), due, { now: deps.now(), apart: kind.followsMatters });
  if (plan.kind === 'send') return await sendNeeded(sending, plan.parts);
  if (plan.kind === 'nothing') return await finish(sending);
  await deps.queues.requestChannel({ version: 1, channelId }, waitMs(plan.until, deps.now()));
  await lease.release({});
  return 'ended';
}

async function finish({ deps, lease }: Sending): Promise<Step> {
  const { channelId } = lease.current();
  if (!(await lease.finish({}))) return 'continues';
  const next = await deps.deliveries.nextDue(channelId);
  if (next !== undefined)
    await deps.queues.requestChannel({ version: 1, channelId }, waitMs(next, deps.now()));
  return 'ended';
}

const readsAtOnce = 8;

/** A change of what was sent before is sent alone: its receiver changes what it has of it. */
async function sendNeeded(sending: Sending, parts: Parts): Promise<Step> {
  const isFor = await stillFor(sending, parts);
  const needs = await pMap(
    parts,
    async (part) => ({ part, need: await needOf(sending, part, isFor(part)) }),
    { concurrency: readsAtOnce },
  );
  const update = needs.find(({ need }) => need === 'update');
  if (update !== undefined) return await sendParts(sending, [update.part]);
  const [first, ...others] = needs.filter(({ need }) => need === 'new').map(({ part }) => part);
  // What is not needed is taken: what is left is planned again.
  if (first === undefined || others.length + 1 < parts.length) return 'continues';
  return await sendParts(sending, [first, ...others]);
}

/**
 * Takes what needs no message: another host has sent it, it was closed before anyone knew of it, or the channel is no longer
 * for its tenant.
 */
async function needOf(
  { deps: { deliveries, now }, kind, lease }: Sending,
  waiting: StoredWaiting,
  isFor: boolean,
): Promise<'new' | 'update' | 'none'> {
  const { channelId } = lease.current();
  const { message, deliveryId } = waiting;
  const sent = await deliveries.sent(channelId, deliveryId);
  if (sent === undefined && !message.closed && isFor) return 'new';
  const isFollowed = kind.followsMatters && sent?.result === 'sent' && sent.together === 1;
  if (isFollowed && sent.revision < message.revision) return 'update';
  if (sent === undefined)
    await deliveries.record({
      ...describe(channelId, deliveryId, message),
      result: 'obsolete',
      messageId: '',
      together: 1,
      perhapsTwice: false,
      sentDateTime: now(),
    });
  await deliveries.take(waiting);
  return 'none';
}
