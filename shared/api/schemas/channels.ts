/** Channels in answers. */
import * as z from 'zod';
import { digestSchema, quietHoursSchema } from '../../channels/channel.ts';
import { deliveryResults } from '../../channels/delivery.ts';
import { channelKindNames } from '../../channels/kinds/kinds.ts';
import { topicSchema } from '../../channels/message.ts';
import { severitySchema } from '../../detection/severity.ts';
import { sendingStatus } from './sending-status.ts';
import { moment } from './times.ts';

export const channelKind = z.enum(channelKindNames).meta({
  id: 'ChannelKind',
  description: 'What the channel is, which decides its settings.',
});

export const channelSettings = z.record(z.string(), z.unknown()).meta({
  description: 'Settings of the kind, without secrets: they name secrets in Key Vault.',
});

export const channelSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Channel ID' }),
    displayName: z.string(),
    kind: z.string().meta({ description: 'Kind of the channel.' }),
    settings: channelSettings,
    tenants: z.string().meta({
      description: 'The IDs and tags of the tenants that messages are about; an asterisk: all.',
    }),
    minimumSeverity: severitySchema,
    topics: z.array(topicSchema),
    quietHours: quietHoursSchema.optional(),
    digest: digestSchema.optional(),
    urgentFrom: severitySchema.optional(),
    floodLimit: z.int().meta({ description: 'The most messages in an hour; further ones become one.' }),
    createdBy: z.string(),
    status: sendingStatus,
    createdDateTime: moment('When it was created.'),
    lastSentDateTime: moment('When a message was last sent.').optional(),
    lastError: z.string().optional().meta({ description: 'Why the last attempt failed.' }),
    nextStep: z.string().optional().meta({ description: 'What to do about it; absent if it may pass.' }),
    failingSinceDateTime: moment('When attempts began to fail.').optional(),
    nextAttemptDateTime: moment('When the next attempt is made.').optional(),
  })
  .meta({ id: 'Channel' });

export const channelListSchema = z
  .strictObject({ value: z.array(channelSchema) })
  .meta({ id: 'ChannelList' });

export const channelDeliveriesSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          id: z.string().meta({ description: 'ID of the matter at this channel.' }),
          tenantId: z.guid().optional().meta({ title: 'Tenant ID' }),
          title: z.string(),
          severity: severitySchema,
          topic: topicSchema,
          result: z.enum(deliveryResults).meta({
            id: 'ChannelDeliveryResult',
            description:
              'What became of it; obsolete: before it was sent, it was closed, or the channel was no longer for its tenant.',
          }),
          together: z.int().meta({ description: 'How many matters the message was about.' }),
          perhapsTwice: z.boolean().meta({
            description: 'Whether the receiver may have it twice: an attempt ended without an answer.',
          }),
          receipt: z
            .string()
            .optional()
            .meta({ description: 'What the receiver calls it, such as the ID of a ticket.' }),
          cause: z.string().optional().meta({ description: 'Why it, or its newest change, was refused.' }),
          closed: z.boolean().meta({ description: 'Whether it is closed, at the receiver as well.' }),
          sentDateTime: moment('When it was sent last, or refused.'),
        })
        .meta({ id: 'ChannelDelivery' }),
    ),
  })
  .meta({ id: 'ChannelDeliveryList' });

export const channelTestSchema = z
  .strictObject({
    succeeded: z.boolean(),
    detail: z.string(),
    nextStep: z.string().optional().meta({ description: 'What to do if it failed.' }),
  })
  .meta({ id: 'ChannelTest' });
