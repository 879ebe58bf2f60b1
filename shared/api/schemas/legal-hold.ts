/** Legal holds in answers. */
import * as z from 'zod';
import { legalHoldEventSchema } from '../../offboarding/legal-hold.ts';
import { moment } from './times.ts';

const placed = {
  placedDateTime: moment('When it was placed.'),
  placedBy: z.string().meta({ description: 'Who placed it.' }),
  reason: z.string().meta({ description: 'Why it was placed.' }),
};

/** Of a tenant. */
export const holdInForceSchema = z.strictObject(placed).meta({ id: 'LegalHoldInForce' });

export const legalHoldSchema = z
  .strictObject({
    tenantId: z.guid(),
    isHeld: z
      .boolean()
      .meta({ description: 'Whether a hold is in force: nothing of the tenant is deleted.' }),
    placedDateTime: placed.placedDateTime.optional(),
    placedBy: placed.placedBy.optional(),
    reason: placed.reason.optional(),
    history: z
      .array(
        z
          .strictObject({
            action: legalHoldEventSchema.shape.kind.meta({ id: 'LegalHoldAction' }),
            atDateTime: moment('When it was done.'),
            by: z.string().meta({ description: 'Who did it.' }),
            reason: z.string().meta({ description: 'Why it was done.' }),
          })
          .meta({ id: 'LegalHoldEvent' }),
      )
      .meta({ description: 'Each time that a hold was placed or lifted, newest first.' }),
  })
  .meta({ id: 'LegalHold' });
