/** Queue `webhook-deliveries`: sends what is new to one subscription. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import type { Budgets } from '../shared/budget.ts';
import { deliver, deliveryBudgetMs, type DeliverDeps } from '../shared/webhooks/deliver.ts';
import { deliveryMessageSchema, deliveryQueue } from '../shared/webhooks/webhook-subscription.ts';

/** @throws when storage fails or the message is malformed: it comes again, and then goes to the poison queue */
export function deliverWebhookFunction(deps: DeliverDeps & Budgets): StorageQueueFunctionOptions {
  return {
    queueName: deliveryQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      await deliver(deps, deliveryMessageSchema.parse(message), deps.startBudget(deliveryBudgetMs));
    },
  };
}
