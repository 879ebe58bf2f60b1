/** A channel: how some people are notified of some matters, when, and whether that works. */
import * as z from 'zod';
import { leaseSchema } from '../deliveries/lease.ts';
import { circuitSchema } from '../destinations/destination.ts';
import { severitySchema } from '../detection/severity.ts';
import { RequestError } from '../errors.ts';
import { storedDate } from '../stored-date.ts';
import { topicSchema } from './message.ts';
import { clockTime, timeZoneSchema as timeZone } from './local-time.ts';

/** When nothing is sent: from one time of the day to another, which may be on the next day. */
export const quietHoursSchema = z
  .strictObject({ timeZone, from: clockTime, to: clockTime })
  .refine(({ from, to }) => from !== to, 'must end at another time than it begins')
  .meta({ id: 'QuietHours', description: 'When messages wait: from a time of the day up to another one.' });

/** When messages are sent together. */
export const digestSchema = z
  .strictObject({
    every: z.enum(['hour', 'day']).meta({ id: 'DigestPeriod', description: 'How often messages are sent.' }),
    timeZone: timeZone.optional(),
    at: clockTime.optional().meta({ description: 'Of a digest a day: its time, such as `08:00`.' }),
  })
  .refine(
    ({ every, timeZone: zone, at }) => (every === 'day') === (zone !== undefined && at !== undefined),
    'must have a timeZone and a time (at) if it is sent every day, and neither if every hour',
  )
  .meta({
    id: 'Digest',
    description: 'One message for all of an hour, or of a day. By default, each at once.',
  });

/** What changes by request. */
const settingsSchema = z.object({
  displayName: z.string(),
  /** As the kind declares them, checked whenever they are used. */
  settings: z.record(z.string(), z.unknown()),
  /** The set of tenants, those included that are registered later. */
  tenants: z.string(),
  minimumSeverity: severitySchema,
  topics: z.array(topicSchema).readonly(),
  quietHours: quietHoursSchema.optional(),
  digest: digestSchema.optional(),
  /** From it on, messages wait neither for the end of quiet hours nor for a digest. */
  urgentFrom: severitySchema.optional(),
  /** The most messages in an hour; further ones become one. */
  floodLimit: z.number(),
  paused: z.boolean(),
});

/** A message that was about to be sent, and is not known to have been answered. */
const pendingSchema = z.object({
  /** Of the message. */
  id: z.string(),
  /** The deliveries that it is about. */
  parts: z.array(z.object({ deliveryId: z.string(), revision: z.number() })).readonly(),
  /** Attempts that may have arrived. */
  attempts: z.number(),
});
export type PendingMessage = Readonly<z.output<typeof pendingSchema>>;

/** What sending changes. */
const stateSchema = z.object({
  circuit: circuitSchema.optional(),
  pending: pendingSchema.optional(),
  /** When messages were sent in the last hour. */
  recent: z.array(storedDate).readonly(),
  /** Messages in a row that were refused. */
  refusals: z.number(),
  lastSentDateTime: storedDate.optional(),
});
export type ChannelState = Readonly<z.output<typeof stateSchema>>;

export const channelSchema = settingsSchema.extend({
  ...stateSchema.shape,
  channelId: z.string(),
  kind: z.string(),
  createdBy: z.string(),
  createdDateTime: storedDate,
  lease: leaseSchema.optional(),
});
export type Channel = Readonly<z.output<typeof channelSchema>>;

/** A channel as stored, with the version that changes are made against. */
export interface StoredChannel extends Channel {
  readonly etag: string;
}

export type ChannelSettings = Readonly<z.output<typeof settingsSchema>>;
export type ChannelChanges = Readonly<
  Partial<ChannelSettings> & Partial<ChannelState> & Partial<Pick<Channel, 'lease'>>
>;

/** Channels are those of the partner: few, and none belongs to a tenant. */
export interface ChannelStore {
  get(channelId: string): Promise<StoredChannel | undefined>;
  /** All, in order of id. */
  list(): Promise<readonly StoredChannel[]>;
  create(channel: Channel): Promise<void>;
  /**
   * Sets the named members; an undefined one is removed.
   * @returns the channel as it is now; undefined, and nothing written, when it was modified since or is gone
   */
  update(channel: StoredChannel, changes: ChannelChanges): Promise<StoredChannel | undefined>;
  /** Succeeds if there is none. */
  remove(channelId: string): Promise<void>;
}

/** @throws RequestError 404 */
export async function findChannel(
  store: Pick<ChannelStore, 'get'>,
  channelId: string,
): Promise<StoredChannel> {
  const id = z.guid().safeParse(channelId).data;
  const found = id === undefined ? undefined : await store.get(id.toLowerCase());
  if (found !== undefined) return found;
  const message = 'There is no channel with this ID. GET /channels lists them.';
  throw new RequestError(404, 'ChannelNotFound', message);
}
