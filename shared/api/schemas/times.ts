/** Moments in answers. */
import * as z from 'zod';

/** ISO 8601 in UTC, to the millisecond. */
export function moment(description: string) {
  return z.iso.datetime().meta({ description, format: 'date-time' });
}

export const completeThrough = moment(
  "Everything that Microsoft published before this time is available, except for content that it lists later than nearly all of the tenant's content so far; absent while unknown.",
).optional();

/** What an answer may lack, for all schemas that say so. */
export const missing = {
  isPartial: z.boolean().meta({ description: 'Records in the range may be missing: isPending or hasGaps.' }),
  isPending: z
    .boolean()
    .meta({ description: 'The range ends after completeThrough, so records may still arrive.' }),
  hasGaps: z.boolean().meta({
    description:
      'Records in the range are permanently lost, were delivered in a form that cannot be read, or are from before collection began.',
  }),
};

export const nextLink = z
  .string()
  .optional()
  .meta({ description: 'Address of the next page; absent on the last one.' });
