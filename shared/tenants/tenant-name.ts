/** What may name a tenant where no path does: its ID, or a domain. */
import * as z from 'zod';
import { canonicalDomain } from './domains.ts';
import { tenantIdSchema } from './tenant.ts';

/** Whether a tenant has the name, and whether the caller may see it, only access knows. */
export const tenantNameSchema = z.string().transform((text, context) => {
  const name = tenantIdSchema.safeParse(text.trim()).data ?? canonicalDomain(text);
  if (name !== undefined) return name;
  context.addIssue('must be the ID of a tenant, or a domain such as contoso.com');
  return z.NEVER;
});
