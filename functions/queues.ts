/** Queues: which message runs what. A handler that throws gets its message again; after five times it is poison. */
import type * as z from 'zod';
import type { Budget } from '../shared/budget.ts';
import { enablementMessageSchema, enablementQueue } from '../shared/enablement/enablement.ts';
import { runEnablement, type RunEnablementDeps } from '../shared/enablement/run-enablement.ts';
import { exportMessageSchema, exportQueue } from '../shared/exports/export.ts';
import { runExport, type RunExportDeps } from '../shared/exports/run-export.ts';
import { runIndexRequest, type IndexRequestDeps } from '../shared/index/run-index-request.ts';
import { indexQueue, indexRequestSchema, pollQueue, pollRequestSchema } from '../shared/landing/landing.ts';
import { runPollRequest, type PollTenantsDeps } from '../shared/landing/poll-tenants.ts';
import {
  runTenantCheck,
  tenantCheckMessageSchema,
  tenantCheckQueue,
  type CheckTenantDeps,
} from '../shared/tenants/check-tenant.ts';
import { removalMessageSchema, removalQueue } from '../shared/tenants/removal.ts';
import { runRemoval, type RemovalDeps } from '../shared/tenants/remove-tenant.ts';
import { deliver, deliveryBudgetMs, type DeliverDeps } from '../shared/webhooks/deliver.ts';
import { deliveryMessageSchema, deliveryQueue } from '../shared/webhooks/webhook-subscription.ts';

export interface QueueTrigger<Deps> {
  readonly name: string;
  readonly queueName: string;
  /** Of one run, in milliseconds; the app's own by default. */
  readonly budgetMs?: number;
  /** @throws when storage fails or the message is malformed */
  readonly run: (deps: Deps, message: unknown, budget: Budget) => Promise<void>;
}

function queue<Deps, S extends z.ZodType>(
  name: string,
  queueName: string,
  schema: S,
  run: (deps: Deps, message: z.output<S>, budget: Budget) => Promise<unknown>,
): QueueTrigger<Deps> {
  return {
    name,
    queueName,
    async run(deps, message, budget) {
      await run(deps, schema.parse(message), budget);
    },
  };
}

export type QueueDeps = DeliverDeps &
  IndexRequestDeps &
  RunEnablementDeps &
  RunExportDeps &
  RemovalDeps &
  CheckTenantDeps &
  PollTenantsDeps;

export const queues: readonly QueueTrigger<QueueDeps>[] = [
  {
    ...queue('deliver-webhook', deliveryQueue, deliveryMessageSchema, deliver),
    budgetMs: deliveryBudgetMs,
  },
  queue('index-raw-blob', indexQueue, indexRequestSchema, runIndexRequest),
  queue('run-enablement-step', enablementQueue, enablementMessageSchema, runEnablement),
  queue('run-export', exportQueue, exportMessageSchema, runExport),
  queue('run-removal', removalQueue, removalMessageSchema, runRemoval),
  queue('run-tenant-check', tenantCheckQueue, tenantCheckMessageSchema, runTenantCheck),
  queue('run-poll-request', pollQueue, pollRequestSchema, runPollRequest),
];
