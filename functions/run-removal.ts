/** Queue `tenant-removals`: carries the removal of a tenant on. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import { removalMessageSchema, removalQueue } from '../shared/tenants/removal.ts';
import { runRemoval, type RemovalDeps } from '../shared/tenants/remove-tenant.ts';

/** @throws when storage fails or the message is malformed: it comes again, and then goes to the poison queue */
export function runRemovalFunction(deps: RemovalDeps): StorageQueueFunctionOptions {
  return {
    queueName: removalQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      await runRemoval(deps, removalMessageSchema.parse(message));
    },
  };
}
