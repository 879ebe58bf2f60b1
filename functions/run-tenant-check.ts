/** Queue `tenant-checks`: looks again at a tenant whose grants may only not have arrived yet. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import {
  runTenantCheck,
  tenantCheckMessageSchema,
  tenantCheckQueue,
  type CheckTenantDeps,
} from '../shared/tenants/check-tenant.ts';

/** @throws when storage fails or the message is malformed: it comes again, and then goes to the poison queue */
export function runTenantCheckFunction(deps: CheckTenantDeps): StorageQueueFunctionOptions {
  return {
    queueName: tenantCheckQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      await runTenantCheck(deps, tenantCheckMessageSchema.parse(message));
    },
  };
}
