/** Messages that failed too often, in answers. */
import * as z from 'zod';
import { operationKinds } from '../../operations/operation.ts';
import { shownStateSchema } from '../../poison/public-poison.ts';
import { workQueueSchema } from '../../poison/queue-names.ts';
import { moment, nextLink } from './times.ts';

export const poisonMessageSchema = z
  .strictObject({
    poisonMessageId: z.guid().meta({ description: 'Identifies it in other calls.' }),
    tenantId: z.guid().optional().meta({ description: 'Absent if the message names no tenant.' }),
    queue: workQueueSchema,
    state: shownStateSchema.meta({
      id: 'PoisonMessageState',
      description:
        'Whether it is in the poison queue, was sent to its queue again, or was given up and deleted.',
    }),
    errorCode: z.string().optional().meta({ description: 'Why it failed; absent if that was not recorded.' }),
    errorMessage: z.string().optional().meta({ description: 'Why it failed, for people.' }),
    deliveries: z.int().optional().meta({ description: 'How often it was delivered.' }),
    failedDateTime: moment('When its last delivery began, or when it came into the poison queue.'),
    landingId: z.string().optional().meta({ description: 'ID of the landing that was to be indexed.' }),
    operationKind: z.enum(operationKinds).optional().meta({ id: 'OperationKind' }),
    operationId: z
      .guid()
      .optional()
      .meta({ description: 'ID of the export, import, enablement, or removal that was to be run.' }),
    subscriptionId: z
      .guid()
      .optional()
      .meta({ description: 'ID of the webhook subscription to deliver to.' }),
    traceId: z
      .string()
      .optional()
      .meta({ description: 'The trace in which it was sent and failed: OperationId in the log.' }),
    givenUpDateTime: moment('When it was given up.').optional(),
    givenUpBy: z.string().optional().meta({ description: 'Who gave it up.' }),
    givenUpReason: z.string().optional().meta({ description: 'Why it was given up.' }),
  })
  .meta({ id: 'PoisonMessage' });

export const poisonMessageListSchema = z
  .strictObject({ value: z.array(poisonMessageSchema), nextLink })
  .meta({ id: 'PoisonMessageList' });
