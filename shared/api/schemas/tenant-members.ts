/** Members that several answers about tenants have. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { moment } from './times.ts';

export const feedSubscription = z
  .strictObject({
    contentType: contentTypeSchema,
    enabled: z.boolean(),
    errorCode: z.string().optional(),
    errorMessage: z.string().optional(),
    checkedDateTime: moment('When this was found.').optional(),
  })
  .meta({ id: 'FeedSubscription' });

export const pollMembers = {
  lastPollDateTime: moment('When it was last polled.').optional(),
  nextPollDateTime: moment('When it is polled next.'),
  lastError: z.string().optional().meta({ description: "Code of the last poll's failure." }),
  lastErrorCure: z.string().optional().meta({ description: 'What to do about it.' }),
  throttled: z.boolean().meta({
    description: 'Whether Microsoft throttled the last poll; the next one waits as long as it asked.',
  }),
};

export const retainedFrom = moment(
  'Records before this time are deleted, or about to be, because of the retention.',
);

export const count = z.int();
