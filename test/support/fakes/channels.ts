/** Channels, what waits at them, and what they have sent, in memory. */
import type { ChannelStore, StoredChannel } from '../../../shared/channels/channel.ts';
import type { Delivery, DeliveryStore, StoredWaiting } from '../../../shared/channels/delivery.ts';
import type {
  ChannelMessage,
  ChannelQueue,
  MatterMessage,
  ScheduleMessage,
  ScheduleQueue,
} from '../../../shared/channels/notifications.ts';
import { createTimedQueue, type TimedQueue } from './timed-queue.ts';

function createVersions() {
  let version = 0;
  return () => `v${++version}`;
}

export function createFakeChannelStore(): ChannelStore {
  const [rows, nextTag] = [new Map<string, StoredChannel>(), createVersions()];
  return {
    get: async (id) => await Promise.resolve(rows.get(id)),
    list: async () =>
      await Promise.resolve([...rows.values()].sort((a, b) => (a.channelId < b.channelId ? -1 : 1))),
    create: async (channel) => {
      if (rows.has(channel.channelId)) throw new Error('There is a channel with this ID.');
      rows.set(channel.channelId, { ...channel, etag: nextTag() });
      await Promise.resolve();
    },
    update: async (before, changes) => {
      if (rows.get(before.channelId)?.etag !== before.etag) return undefined;
      const changed = { ...before, ...changes, etag: nextTag() };
      rows.set(before.channelId, changed);
      return await Promise.resolve(changed);
    },
    remove: async (id) => {
      rows.delete(id);
      await Promise.resolve();
    },
  };
}

export function createFakeDeliveryStore(): DeliveryStore {
  const nextTag = createVersions();
  const [inbox, sent] = [new Map<string, StoredWaiting>(), new Map<string, Delivery>()];
  const keyOf = (channelId: string, deliveryId: string) => `${channelId} ${deliveryId}`;
  const waitingAt = (channelId: string) =>
    [...inbox.values()]
      .filter((row) => row.channelId === channelId)
      .sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
  const isSame = (row: StoredWaiting) => inbox.get(keyOf(row.channelId, row.deliveryId))?.etag === row.etag;
  return {
    waiting: async (channelId, deliveryId) => await Promise.resolve(inbox.get(keyOf(channelId, deliveryId))),
    due: async (channelId, until, limit) =>
      await Promise.resolve(
        waitingAt(channelId)
          .filter(({ dueDateTime }) => dueDateTime <= until)
          .slice(0, limit),
      ),
    nextDue: async (channelId) => {
      const times = waitingAt(channelId).map(({ dueDateTime }) => dueDateTime.getTime());
      return await Promise.resolve(times.length === 0 ? undefined : new Date(Math.min(...times)));
    },
    put: async (row) => {
      const key = keyOf(row.channelId, row.deliveryId);
      if (inbox.has(key)) return false;
      inbox.set(key, { ...row, etag: nextTag() });
      return await Promise.resolve(true);
    },
    replace: async (before, after) => {
      if (!isSame(before)) return false;
      inbox.set(keyOf(before.channelId, before.deliveryId), { ...after, etag: nextTag() });
      return await Promise.resolve(true);
    },
    take: async (row) => {
      if (isSame(row)) inbox.delete(keyOf(row.channelId, row.deliveryId));
      await Promise.resolve();
    },
    sent: async (channelId, deliveryId) => await Promise.resolve(sent.get(keyOf(channelId, deliveryId))),
    record: async (delivery) => {
      sent.set(keyOf(delivery.channelId, delivery.deliveryId), delivery);
      await Promise.resolve();
    },
    recent: async (channelId, limit) =>
      await Promise.resolve(
        [...sent.values()]
          .filter((row) => row.channelId === channelId)
          .sort((a, b) => b.sentDateTime.getTime() - a.sentDateTime.getTime())
          .slice(0, limit),
      ),
    clear: async (channelId) => {
      for (const rows of [inbox, sent])
        for (const [key, row] of rows) if (row.channelId === channelId) rows.delete(key);
      await Promise.resolve();
    },
  };
}

type QueueMessage = ChannelMessage | MatterMessage | ScheduleMessage;

export interface FakeChannelQueue extends TimedQueue<QueueMessage>, ChannelQueue, ScheduleQueue {}

export function createFakeChannelQueue(now: () => Date): FakeChannelQueue {
  const queue = createTimedQueue<QueueMessage>(now);
  return { ...queue, requestMatter: queue.put, requestChannel: queue.put, requestSchedule: queue.put };
}
