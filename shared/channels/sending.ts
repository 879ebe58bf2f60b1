/** What sending needs, and what one run of it works with. */
import type { HeldLease } from '../deliveries/lease.ts';
import type { SenderContext } from '../destinations/kind.ts';
import type { Telemetry } from '../telemetry.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import type { ChannelChanges, ChannelStore, PendingMessage, StoredChannel } from './channel.ts';
import { nextCircuit } from './circuit.ts';
import type { DeliveryStore } from './delivery.ts';
import type { BoundChannelKind, ChannelSender, SendOutcome } from './kind.ts';
import type { ChannelQueue } from './notifications.ts';

/** Reads what messages have attached. */
export interface AttachedFiles {
  /**
   * @param file as the message names it
   * @param tenantId that the message is about
   * @returns undefined when it is gone, or not of this tenant
   */
  read(file: string, tenantId: string | undefined): Promise<Buffer | undefined>;
}

export interface RunChannelDeps {
  readonly channels: ChannelStore;
  readonly channelKinds: ReadonlyMap<string, BoundChannelKind>;
  readonly deliveries: DeliveryStore;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly senderContext: SenderContext;
  readonly queues: Pick<ChannelQueue, 'requestChannel'>;
  readonly attachedFiles: AttachedFiles;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
  /** Public address of the app; undefined: messages have no links. */
  readonly publicUrl: string | undefined;
}

export type ChannelLease = HeldLease<StoredChannel, ChannelChanges>;

export interface Sending {
  readonly deps: RunChannelDeps;
  readonly lease: ChannelLease;
  readonly sender: ChannelSender;
  readonly kind: BoundChannelKind;
}

/** `ended`: the lease is released. */
export type Step = 'ended' | 'continues';

/** The timer finds what waits longer: a queue message can be delayed by seven days. */
const longestDelayMs = 6 * 24 * 60 * 60_000;

/** Milliseconds until a second after a moment, when it has certainly come. */
export function waitMs(until: Date, now: Date): number {
  return Math.min(Math.max(0, until.getTime() - now.getTime()) + 1000, longestDelayMs);
}

export type Failure = Extract<SendOutcome, { readonly outcome: 'retry' | 'misconfigured' }>;

/** After a failed attempt: releases the lease until the next one. @param changes of the channel */
export async function endWithFailure(
  { deps, lease }: Pick<Sending, 'deps' | 'lease'>,
  failure: Failure,
  changes: { readonly pending: PendingMessage | undefined; readonly refusals?: number },
): Promise<Step> {
  const { channelId, kind, circuit } = lease.current();
  const next = nextCircuit(circuit, failure, deps.now(), deps.random());
  // The message comes first: without it there is no retry; one that comes too early does nothing.
  await deps.queues.requestChannel({ version: 1, channelId }, waitMs(next.nextAttemptAt, deps.now()));
  const { failures } = next;
  deps.telemetry('channels.sending.failed', { channelId, kind, failures, outcome: failure.outcome });
  await lease.release({ ...changes, circuit: next });
  return 'ended';
}
