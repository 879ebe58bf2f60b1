/** Moments in answers. */
import * as z from 'zod';

/** ISO 8601 in UTC, to the millisecond. */
export function moment(description: string) {
  return z.iso.datetime().meta({ description, format: 'date-time' });
}

export const completeThrough = moment(
  'Everything that Microsoft published before this time is available; absent while unknown.',
).optional();

export const isPartial = z
  .boolean()
  .meta({ description: 'Records in the range may still arrive, or are permanently lost.' });

export const nextLink = z
  .string()
  .optional()
  .meta({ description: 'Address of the next page; absent on the last one.' });
