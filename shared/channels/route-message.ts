/** Gives a message to the channels that it is for: each has it durably, and is sent a queue message. */
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import type { ChannelStore, StoredChannel } from './channel.ts';
import { deliveryIdFor, type Delivery, type DeliveryStore, type Waiting } from './delivery.ts';
import type { BoundChannelKind } from './kind.ts';
import { isAtLeast, type Message } from './message.ts';
import type { ChannelQueue } from './notifications.ts';
import { isFor } from './routing.ts';
import { dueAt } from './when.ts';

export interface RouteMessageDeps {
  readonly channels: Pick<ChannelStore, 'list'>;
  readonly channelKinds: ReadonlyMap<string, BoundChannelKind>;
  readonly deliveries: Pick<DeliveryStore, 'waiting' | 'put' | 'replace' | 'sent'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly queues: Pick<ChannelQueue, 'requestChannel'>;
  readonly now: () => Date;
}

/**
 * Repeating it changes nothing: a matter is given to a channel once, and again only with a later revision, if the channel
 * follows matters.
 * @throws when storage fails: it must be repeated
 */
export async function routeMessage(deps: RouteMessageDeps, message: Message): Promise<void> {
  const { channels, tenants } = deps;
  const { tenant } = message;
  const known = tenant && (await tenants.get(tenant.tenantId));
  // What is found in a tenant that is being removed is not sent anywhere.
  if (tenant !== undefined && (known === undefined || known.state === 'Removing')) return;
  for (const channel of await channels.list()) await giveTo(deps, channel, message, known);
}

async function giveTo(
  deps: RouteMessageDeps,
  channel: StoredChannel,
  message: Message,
  tenant: Tenant | undefined,
): Promise<void> {
  const { channelId } = channel;
  const deliveryId = deliveryIdFor(message);
  const follows = deps.channelKinds.get(channel.kind)?.followsMatters === true;
  const isWanted = isFor(channel, message, tenant);
  // Only what is followed concerns a channel that it is no longer for: nothing is read for all others.
  if (!isWanted && !follows) return;
  const sent = await deps.deliveries.sent(channelId, deliveryId);
  if (sent === undefined ? !isWanted : !isNews(sent, message, follows)) return;
  const dueDateTime = sent === undefined ? dueAt(channel, message, deps.now()) : followedAt(sent, message);
  await wait(deps, { channelId, deliveryId, message, dueDateTime });
  const delayMs = Math.max(0, dueDateTime.getTime() - deps.now().getTime());
  await deps.queues.requestChannel({ version: 1, channelId }, Math.min(delayMs, longestDelayMs));
}

/** The longest that a queue message can be delayed; the timer finds what waits longer. */
const longestDelayMs = 6 * 24 * 60 * 60_000;

function isNews(
  { result, revision, closed, together }: Delivery,
  message: Message,
  follows: boolean,
): boolean {
  return follows && together === 1 && result === 'sent' && !closed && message.revision > revision;
}

/** Changes of a matter are gathered, so that one that grows all the time is not a message a second. */
const gatheredMs = 60 * 60_000;

function followedAt({ severity, sentDateTime }: Delivery, message: Message): Date {
  const isUrgent = message.closed || (message.severity !== severity && isAtLeast(message.severity, severity));
  return isUrgent ? sentDateTime : new Date(sentDateTime.getTime() + gatheredMs);
}

/** Puts it there, or replaces an earlier revision, which keeps its time unless the new one is due earlier. */
async function wait({ deliveries }: RouteMessageDeps, wanted: Waiting): Promise<void> {
  for (;;) {
    const found = await deliveries.waiting(wanted.channelId, wanted.deliveryId);
    if (found === undefined) {
      if (await deliveries.put(wanted)) return;
      continue;
    }
    if (found.message.revision >= wanted.message.revision) return;
    const dueDateTime = found.dueDateTime < wanted.dueDateTime ? found.dueDateTime : wanted.dueDateTime;
    if (await deliveries.replace(found, { ...wanted, dueDateTime })) return;
  }
}
