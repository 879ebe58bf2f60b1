/** Rejected bodies in answers. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { rejectedStates } from '../../landing/rejected-content.ts';
import { moment, nextLink } from './times.ts';

export const rejectedBodySchema = z
  .strictObject({
    bodyId: z.guid().meta({ description: 'Identifies it in other calls.' }),
    contentType: contentTypeSchema,
    contentId: z.string().meta({ description: "Microsoft's ID of the content blob." }),
    contentCreatedDateTime: moment('When Microsoft made the content blob available.'),
    state: z.enum(rejectedStates).meta({
      id: 'RejectedBodyState',
      description: 'Whether it is fetched again, permanently lost, or given up.',
    }),
    fault: z.string().meta({ description: 'What is wrong with the body and where, or why it was lost.' }),
    faultOffset: z
      .int()
      .optional()
      .meta({ description: 'Position of the first fault in the body, in bytes.' }),
    rejectedParts: z.int().optional().meta({
      description:
        'Number of parts that are not records; absent until the body has been searched for records.',
    }),
    recordsLanded: z
      .int()
      .meta({ description: 'Number of whole records that were collected from the body.' }),
    bytes: z.int().optional(),
    sha256: z.string().optional().meta({ description: 'SHA-256 of the body as received.' }),
    receivedDateTime: moment('When the body was received first.').optional(),
    attempts: z.int().optional(),
    nextAttemptDateTime: moment('When it is fetched next.').optional(),
    lostDateTime: moment('Since when it is permanently lost.').optional(),
    givenUpDateTime: moment('When it was given up.').optional(),
    givenUpBy: z.string().optional().meta({ description: 'Who gave it up.' }),
    givenUpReason: z.string().optional().meta({ description: 'Why it was given up.' }),
  })
  .meta({ id: 'RejectedBody' });

export const rejectedBodyListSchema = z
  .strictObject({ value: z.array(rejectedBodySchema), nextLink })
  .meta({ id: 'RejectedBodyList' });
