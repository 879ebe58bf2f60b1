/** Path parameters of all routes, each described once. */
import * as z from 'zod';
import { tenantIdSchema } from '../tenants/tenant.ts';
import { dynamicValues } from './dynamic-values.ts';

function id(title: string, description: string) {
  return z.string().meta({ title, description });
}

/** Makers of flows choose a tenant by its display name. */
export const tenantId = tenantIdSchema.meta({
  title: 'Tenant',
  description: 'ID of the tenant.',
  ...dynamicValues('ListTenants', 'tenantId', 'displayName'),
});

export const pathParameters = {
  tenantId,
  recordId: id('Record ID', 'ID of the record.'),
  recordType: id('Record Type', 'Name or number of the record type.'),
  exportId: id('Export ID', 'ID of the export.'),
  enablementId: id('Enablement ID', 'ID of the enablement.'),
  removalId: id('Removal ID', 'ID of the removal.'),
  name: z.string().meta({
    title: 'Search',
    description: 'Name of the saved search: letters, digits, dots, underscores and hyphens.',
    ...dynamicValues('ListSearches', 'name', 'name', ['tenantId']),
  }),
  subscriptionId: id('Subscription ID', 'ID of the subscription.'),
  keyId: id('Key ID', 'ID of the client key.'),
} as const;
export type PathParameter = keyof typeof pathParameters;
