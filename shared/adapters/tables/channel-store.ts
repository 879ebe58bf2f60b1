/** Table `Channels`: a row per channel, all in one partition; sending changes its state. */
import {
  channelSchema,
  digestSchema,
  quietHoursSchema,
  type Channel,
  type ChannelStore,
  type StoredChannel,
} from '../../channels/channel.ts';
import { leaseSchema } from '../../deliveries/lease.ts';
import { circuitSchema } from '../../destinations/destination.ts';
import { binaryColumn, jsonColumn, packed, unpacked } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

const { settings, topics, pending, recent } = channelSchema.shape;
const pendingSchema = pending.unwrap();

const columns = channelSchema.omit({ channelId: true }).extend({
  settings: jsonColumn(settings),
  topics: jsonColumn(topics),
  recent: jsonColumn(recent),
  quietHours: jsonColumn(quietHoursSchema).optional(),
  digest: jsonColumn(digestSchema).optional(),
  circuit: jsonColumn(circuitSchema).optional(),
  pending: binaryColumn.optional(),
  lease: jsonColumn(leaseSchema).optional(),
});

const partitionKey = 'channels';

export function createChannelStore(tables: Tables): ChannelStore {
  const rows = openRows(tables, {
    table: 'Channels',
    columns,
    toRow: ({ pending, ...channel }, { rowKey, etag }): StoredChannel => ({
      ...channel,
      ...(pending === undefined ? {} : { pending: unpacked(pendingSchema, pending) }),
      channelId: rowKey,
      etag,
    }),
  });
  const keyOf = (rowKey: string) => ({ partitionKey, rowKey });
  return {
    get: (channelId) => rows.get(keyOf(channelId)),
    list: () => rows.partition(partitionKey),
    async create(channel) {
      if (!(await rows.createOwn(keyOf(channel.channelId), rowOf(channel))))
        throw new Error('Another channel has this ID.');
    },
    async update(before, changes) {
      const after = { ...before, ...changes };
      const etag = await ifUnchanged(() => rows.replace(keyOf(before.channelId), rowOf(after), before.etag));
      return etag === undefined ? undefined : { ...after, etag };
    },
    remove: (channelId) => rows.remove(keyOf(channelId)),
  };
}

/** A message about a thousand matters names each of them: in JSON that is more than a column of text holds. */
function rowOf({ pending: parts, ...channel }: Channel) {
  return { ...channel, pending: parts && packed(parts) };
}
