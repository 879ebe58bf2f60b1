/** Queue `poll-requests`: polls one tenant, for what the timer could not finish and for new tenants. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import type { Budgets } from '../shared/budget.ts';
import { pollQueue, pollRequestSchema } from '../shared/landing/landing.ts';
import { runPollRequest, type PollTenantsDeps } from '../shared/landing/poll-tenants.ts';

/** @throws on a malformed message, which ends in the poison queue for somebody to look at */
export function runPollRequestFunction(deps: PollTenantsDeps & Budgets): StorageQueueFunctionOptions {
  return {
    queueName: pollQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      await runPollRequest(deps, pollRequestSchema.parse(message), deps.startBudget(deps.budgetMs));
    },
  };
}
