/**
 * Table `ChannelDeliveries`: in the partition of each channel what waits there, and what it has sent; a row per matter. Both
 * name the tenant, so that a purge finds them.
 */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  deliverySchema,
  waitingSchema,
  type Delivery,
  type DeliveryStore,
  type StoredWaiting,
  type Waiting,
} from '../../channels/delivery.ts';
import { messageSchema } from '../../channels/message.ts';
import { binaryColumn, packed, unpacked } from './columns.ts';
import { deleteRows } from './delete-rows.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, pagesOf, type Tables } from './tables.ts';

const table = 'ChannelDeliveries';

const waitingColumns = waitingSchema
  .omit({ channelId: true, deliveryId: true })
  .extend({ message: binaryColumn, tenantId: z.string().optional() });

const sentColumns = deliverySchema.omit({ channelId: true, deliveryId: true });

/** How far back deliveries are listed. */
const listedMs = 30 * 24 * 60 * 60_000;

export function createDeliveryStore(tables: Tables, now: () => Date): DeliveryStore {
  const inbox = openRows(tables, {
    table,
    columns: waitingColumns,
    toRow: ({ message, dueDateTime }, { partitionKey, rowKey, etag }): StoredWaiting => ({
      channelId: partitionKey,
      deliveryId: idIn(rowKey),
      message: unpacked(messageSchema, message),
      dueDateTime,
      etag,
    }),
  });
  const sent = openRows(tables, {
    table,
    columns: sentColumns,
    toRow: (delivery, { partitionKey, rowKey }): Delivery => ({
      ...delivery,
      channelId: partitionKey,
      deliveryId: idIn(rowKey),
    }),
  });
  return {
    waiting: (channelId, deliveryId) => inbox.get(waitingKey({ channelId, deliveryId })),
    due: (channelId, until, limit) =>
      inbox.all(`${waitingOf(channelId)} and ${odata`dueDateTime le ${until.toISOString()}`}`, limit),
    async nextDue(channelId) {
      let next: string | undefined;
      const query = { filter: waitingOf(channelId), select: ['dueDateTime'] };
      for await (const page of pagesOf(tables, table, query))
        for (const { dueDateTime } of page)
          if (typeof dueDateTime === 'string' && (next === undefined || dueDateTime < next))
            next = dueDateTime;
      return next === undefined ? undefined : new Date(next);
    },
    async put(waiting) {
      return (await ifUnchanged(() => inbox.create(waitingKey(waiting), rowOf(waiting)))) !== undefined;
    },
    async replace(before, after) {
      const write = () => inbox.replace(waitingKey(before), rowOf(after), before.etag);
      return (await ifUnchanged(write)) !== undefined;
    },
    async take(waiting) {
      await ifUnchanged(() => inbox.remove(waitingKey(waiting), waiting.etag));
    },
    sent: (channelId, deliveryId) => sent.get(sentKey({ channelId, deliveryId })),
    async record(delivery) {
      await sent.put(sentKey(delivery), delivery);
    },
    async recent(channelId, limit) {
      const after = new Date(now().getTime() - listedMs).toISOString();
      const own = odata`PartitionKey eq ${channelId} and RowKey ge 'sent_' and RowKey lt 'sent~'`;
      const found = await sent.all(`${own} and ${odata`sentDateTime ge ${after}`}`);
      return found.toSorted((a, b) => b.sentDateTime.getTime() - a.sentDateTime.getTime()).slice(0, limit);
    },
    async clear(channelId) {
      const rows = deleteRows(tables, table, odata`PartitionKey eq ${channelId}`);
      while ((await rows.next()).done !== true);
    },
  };
}

type Place = Pick<Waiting, 'channelId' | 'deliveryId'>;

function waitingKey({ channelId, deliveryId }: Place) {
  return { partitionKey: channelId, rowKey: `waiting_${deliveryId}` };
}

function sentKey({ channelId, deliveryId }: Place) {
  return { partitionKey: channelId, rowKey: `sent_${deliveryId}` };
}

function waitingOf(channelId: string): string {
  return odata`PartitionKey eq ${channelId} and RowKey ge 'waiting_' and RowKey lt 'waiting~'`;
}

function idIn(rowKey: string): string {
  return rowKey.slice(rowKey.indexOf('_') + 1);
}

function rowOf({ message, dueDateTime }: Waiting) {
  return { message: packed(message), dueDateTime, tenantId: message.tenant?.tenantId };
}
