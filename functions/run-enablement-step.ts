/** Queue `enablement-steps`: carries an enablement on. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import { enablementMessageSchema, enablementQueue } from '../shared/enablement/enablement.ts';
import { runEnablement, type RunEnablementDeps } from '../shared/enablement/run-enablement.ts';

/** @throws when storage fails or the message is malformed: it comes again, and then goes to the poison queue */
export function runEnablementStepFunction(deps: RunEnablementDeps): StorageQueueFunctionOptions {
  return {
    queueName: enablementQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      await runEnablement(deps, enablementMessageSchema.parse(message));
    },
  };
}
