/** Sees to it that nothing waits longer than it has to. */
import type { Meter } from '../telemetry.ts';
import type { ChannelStore } from './channel.ts';
import type { DeliveryStore } from './delivery.ts';
import type { ChannelQueue } from './notifications.ts';

export interface WatchChannelsDeps {
  readonly channels: Pick<ChannelStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'nextDue'>;
  readonly queues: Pick<ChannelQueue, 'requestChannel'>;
  readonly meter: Meter;
  readonly now: () => Date;
}

/**
 * A queue message for each channel with something due covers one that was lost, and what waits longer than a queue message
 * can be delayed. One read if there are no channels.
 * @throws when storage fails
 */
export async function watchChannels({ channels, deliveries, queues, meter, now }: WatchChannelsDeps) {
  for (const { channelId, kind, paused, pending } of await channels.list()) {
    const next = await deliveries.nextDue(channelId);
    const lagMs = next === undefined ? 0 : Math.max(0, now().getTime() - next.getTime());
    meter('auditkeep.channelLag', Math.round(lagMs / 1000), { channelId, kind });
    const isDue = pending !== undefined || (next !== undefined && next <= now());
    if (!paused && isDue) await queues.requestChannel({ version: 1, channelId });
  }
}
