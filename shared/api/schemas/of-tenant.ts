/** What rows of several tenants begin with. */
import * as z from 'zod';

export const ofTenant = {
  tenantId: z.guid().meta({ title: 'Tenant ID' }),
  tenantDisplayName: z.string().meta({ title: 'Tenant' }),
};
