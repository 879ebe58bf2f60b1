/** Channels as answers show them. */
import { stateOf } from '../destinations/public-destination.ts';
import type { Channel } from './channel.ts';
import type { Delivery } from './delivery.ts';

export function publicChannel(channel: Channel) {
  const { channelId: id, displayName, kind, settings, tenants, minimumSeverity, topics } = channel;
  const { quietHours, digest, urgentFrom, floodLimit, createdBy, circuit } = channel;
  return {
    id,
    displayName,
    kind,
    settings,
    tenants,
    minimumSeverity,
    topics: [...topics],
    quietHours,
    digest,
    urgentFrom,
    floodLimit,
    createdBy,
    status: stateOf(channel),
    createdDateTime: channel.createdDateTime.toISOString(),
    lastSentDateTime: channel.lastSentDateTime?.toISOString(),
    lastError: circuit?.cause,
    nextStep: circuit?.nextStep,
    failingSinceDateTime: circuit?.since.toISOString(),
    nextAttemptDateTime: circuit?.nextAttemptAt.toISOString(),
  };
}

export function publicDelivery({ deliveryId: id, ...delivery }: Delivery) {
  const { tenantId, title, severity, topic, result, together, perhapsTwice, receipt, cause } = delivery;
  return {
    id,
    tenantId,
    title,
    severity,
    topic,
    result,
    together,
    perhapsTwice,
    receipt,
    cause,
    closed: delivery.closed,
    sentDateTime: delivery.sentDateTime.toISOString(),
  };
}
