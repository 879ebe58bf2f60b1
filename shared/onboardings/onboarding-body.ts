/** The requests of onboardings as callers send them. */
import * as z from 'zod';
import { tenantRegistrationSchema } from '../tenants/register-tenant.ts';
import { consentWaySchema } from './onboarding.ts';

/** More than a partner takes on in a day, and what the row of an operation holds. */
export const mostTenants = 1000;
/** Some 500 for each row; with its results it fits into the row of an operation, however little it compresses. */
export const mostBodyBytes = 512 * 1024;

/** Body of `POST /onboardings`. */
export const onboardingBodySchema = z.strictObject({
  tenants: z
    .array(tenantRegistrationSchema)
    .min(1)
    .max(mostTenants)
    .meta({ description: 'The tenants, each as it is sent to register one.' }),
  consent: consentWaySchema.default('link').meta({
    description: 'By a link for an administrator of the customer, or by the relationship in Partner Center.',
  }),
  dryRun: z.boolean().default(false).meta({
    description: 'Looks the tenants up, says what would become of each row, and registers nothing.',
  }),
});

/** Body of `POST /onboardings/{onboardingId}/consentLinks`. */
export const linkOptionsSchema = z.strictObject({
  partnerName: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Who sends the mails; by default they are not signed.' }),
});
