/** Operations on channels: who is notified of what, and how. */
import * as z from 'zod';
import { digestSchema, quietHoursSchema } from '../channels/channel.ts';
import { topics, topicSchema } from '../channels/message.ts';
import { channelOptions } from '../channels/manage.ts';
import { severitySchema } from '../detection/severity.ts';
import { json, noContent, refusal } from './answers.ts';
import { operation } from './operation.ts';
import {
  channelDeliveriesSchema,
  channelKind,
  channelListSchema,
  channelSchema,
  channelSettings,
  channelTestSchema,
} from './schemas/channels.ts';
import { tenantsInBody } from './tenants-in-bodies.ts';

const area = 'Channels';
const audience = { scope: 'tenants.manage', allTenants: true } as const;
const shown = { 200: json('The channel.', channelSchema), 404: refusal(404) } as const;

const displayName = z.string().trim().min(1).max(100);
const tenants = tenantsInBody.optional();
const topicsWanted = z.array(topicSchema).min(1).max(topics.length);
const floodLimit = z.int().min(1).max(1000).meta({
  description: 'The most messages in an hour; further ones become one with their number.',
});
const urgentFrom = severitySchema.meta({
  description: 'From this severity on, messages wait neither for quiet hours to end nor for a digest.',
});

export const listChannels = operation('ListChannels', ['GET', 'channels'], {
  area,
  audience,
  summary: 'List channels',
  description: 'Lists who is notified of what, with the state of each channel.',
  answers: { 200: json('The channels.', channelListSchema) },
});

export const createChannel = operation('CreateChannel', ['POST', 'channels'], {
  area,
  audience,
  summary: 'Create a channel',
  description:
    'Sends messages about what is found from now on in a set of tenants to people: by mail, to Teams or Slack, as incidents or tickets. The caller needs records.read for all tenants.',
  body: z.strictObject({
    displayName,
    kind: channelKind,
    settings: channelSettings,
    tenants,
    minimumSeverity: severitySchema.default('medium'),
    topics: topicsWanted.default(['findings']),
    quietHours: quietHoursSchema.optional(),
    digest: digestSchema.optional(),
    urgentFrom: urgentFrom.optional(),
    floodLimit: floodLimit.default(20),
  }),
  answers: {
    201: json('The channel.', channelSchema, ['Location']),
    404: refusal(404),
    409: refusal(409),
  },
});

export const getChannel = operation('GetChannel', ['GET', 'channels/{channelId}'], {
  area,
  audience,
  summary: 'Get a channel',
  description: 'Shows a channel with its state.',
  answers: shown,
});

export const changeChannel = operation('ChangeChannel', ['PATCH', 'channels/{channelId}'], {
  area,
  audience,
  summary: 'Change a channel',
  description:
    'Changes the members that are sent; settings are replaced as a whole. If attempts failed before, the next one is made at once.',
  body: z.strictObject({
    displayName: displayName.optional(),
    settings: channelSettings.optional(),
    tenants,
    minimumSeverity: severitySchema.optional(),
    topics: topicsWanted.optional(),
    quietHours: quietHoursSchema.optional(),
    digest: digestSchema.optional(),
    urgentFrom: urgentFrom.optional(),
    floodLimit: floodLimit.optional(),
    remove: z
      .array(z.enum(channelOptions).meta({ id: 'ChannelOption', description: 'What a channel may have.' }))
      .optional()
      .meta({ description: 'What it no longer has.' }),
    paused: z.boolean().optional().meta({ description: 'Whether sending is stopped for now.' }),
  }),
  answers: { ...shown, 409: refusal(409) },
});

export const deleteChannel = operation('DeleteChannel', ['DELETE', 'channels/{channelId}'], {
  area,
  audience,
  summary: 'Delete a channel',
  description: 'Ends sending; what was sent stays where it is. Succeeds if the channel does not exist.',
  answers: { 204: noContent('The channel does not exist anymore.') },
});

export const testChannel = operation('TestChannel', ['POST', 'channels/{channelId}/test'], {
  area,
  audience,
  summary: 'Test a channel',
  description:
    'Sends a test message, and says what to do if that fails. Desks get a ticket only if a tenant is named.',
  body: z.strictObject({
    tenantId: z
      .string()
      .optional()
      .meta({ description: 'ID or domain of the tenant that the message names.' }),
  }),
  answers: { 200: json('The outcome.', channelTestSchema), 404: refusal(404) },
});

export const listChannelDeliveries = operation(
  'ListChannelDeliveries',
  ['GET', 'channels/{channelId}/deliveries'],
  {
    area,
    audience,
    summary: 'List what a channel has sent',
    description:
      'Lists up to 1,000 messages of the last 30 days, the newest first, with what became of each.',
    answers: { 200: json('The deliveries.', channelDeliveriesSchema), 404: refusal(404) },
  },
);
