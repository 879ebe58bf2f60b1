/** What is permanently lost, in answers. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { gapSchema } from '../../landing/ledger.ts';
import { moment, nextLink } from './times.ts';

export const lostSchema = z
  .strictObject({
    contentType: contentTypeSchema,
    contentId: z
      .string()
      .optional()
      .meta({ description: "Microsoft's ID of the content blob; absent if a range of time is lost." }),
    landingId: z
      .string()
      .optional()
      .meta({ description: 'ID of the landing that was given up; absent otherwise.' }),
    from: moment('The beginning of what is lost, by the time of publication.'),
    to: moment('The end of what is lost, which is not part of it.'),
    reason: gapSchema.shape.reason.meta({ id: 'GapReason', description: 'Why it is lost.' }),
    code: z.string().meta({ description: "Microsoft's or Auditkeep's code for why it is lost." }),
    message: z.string().meta({ description: 'Why it is lost, for people.' }),
    cure: z.string(),
    bodyId: z
      .guid()
      .optional()
      .meta({ description: 'Identifies its rejected body in other calls; absent if none is kept.' }),
    recordedDateTime: moment('When it was found to be lost.'),
    givenUpDateTime: moment('When it was given up.').optional(),
    givenUpBy: z.string().optional().meta({ description: 'Who gave it up.' }),
    givenUpReason: z.string().optional().meta({ description: 'Why it was given up.' }),
  })
  .meta({ id: 'Gap' });

export const gapListSchema = z.strictObject({ value: z.array(lostSchema), nextLink }).meta({ id: 'GapList' });
