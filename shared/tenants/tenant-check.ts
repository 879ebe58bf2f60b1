/** One thing that must be right in a tenant before its audit trail can be kept. */
import * as z from 'zod';

export const tenantCheckSchema = z.object({
  /** `consent`, `permission:{application role}`, `exchangeRole` or `subscription:{content type}`. */
  name: z.string(),
  /** `NotChecked`: another check must pass first, or Microsoft could not be reached. */
  state: z.enum(['Passed', 'Failed', 'NotChecked']),
  /** Microsoft's code for a refusal. */
  code: z.string().optional(),
  message: z.string().optional(),
  /** What to do about it; present whenever a check has failed. */
  cure: z.string().optional(),
  checkedDateTime: z.iso.datetime(),
});
export type TenantCheck = z.infer<typeof tenantCheckSchema>;
