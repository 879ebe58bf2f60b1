/** Queues: which message runs what. A handler that throws gets its message again; after five times it is poison. */
import type * as z from 'zod';
import type { Budget } from '../shared/budget.ts';
import { channelBudgetMs } from '../shared/channels/run-channel.ts';
import {
  notificationMessageSchema,
  runNotification,
  type NotificationDeps,
} from '../shared/channels/run-notification.ts';
import { notificationQueue } from '../shared/detection/messages.ts';
import { destinationMessageSchema, destinationQueue } from '../shared/destinations/messages.ts';
import { runDestinationMessage, type DestinationMessageDeps } from '../shared/destinations/run-message.ts';
import { sendingBudgetMs } from '../shared/destinations/send-records.ts';
import { runDailyCheck, type DailyCheckDeps } from '../shared/enablement/check-posture.ts';
import { runIndexRequest, type IndexRequestDeps } from '../shared/index/run-index-request.ts';
import {
  indexQueue,
  indexRequestSchema,
  pollQueue,
  pollRequestSchema,
} from '../shared/landing/work-queues.ts';
import { runPollRequest, type PollTenantsDeps } from '../shared/landing/poll-tenants.ts';
import {
  operationMessageSchema,
  operationQueue,
  type OperationMessage,
} from '../shared/operations/operation.ts';
import type { OperationRunners } from '../shared/operations/runner.ts';
import type { WorkQueue } from '../shared/poison/queue-names.ts';
import {
  runTenantCheck,
  tenantCheckMessageSchema,
  tenantCheckQueue,
  type TenantCheckMessage,
} from '../shared/tenants/check-tenant.ts';
import { deliver, deliveryBudgetMs, type DeliverDeps } from '../shared/webhooks/deliver.ts';
import { deliveryMessageSchema, deliveryQueue } from '../shared/webhooks/webhook-subscription.ts';

export interface QueueTrigger<Deps> {
  readonly name: string;
  readonly queueName: WorkQueue;
  /** Of one run, in milliseconds; the app's own by default. */
  readonly budgetMs?: number;
  /** @throws when storage fails or the message is malformed */
  readonly run: (deps: Deps, message: unknown, delivery: Delivery) => Promise<void>;
}

/** One delivery of a message. */
export interface Delivery {
  readonly budget: Budget;
  /** How often this message was delivered, this time included. */
  readonly deliveries: number;
}

function queue<Deps, S extends z.ZodType>(
  name: string,
  queueName: WorkQueue,
  schema: S,
  run: (deps: Deps, message: z.output<S>, budget: Budget, deliveries: number) => Promise<unknown>,
): QueueTrigger<Deps> {
  return {
    name,
    queueName,
    async run(deps, message, { budget, deliveries }) {
      await run(deps, schema.parse(message), budget, deliveries);
    },
  };
}

interface OperationDeps {
  readonly operationRunners: OperationRunners;
}

export type QueueDeps = DeliverDeps &
  DestinationMessageDeps &
  NotificationDeps &
  IndexRequestDeps &
  OperationDeps &
  DailyCheckDeps &
  PollTenantsDeps;

const runOperation = (
  { operationRunners }: OperationDeps,
  message: OperationMessage,
  budget: Budget,
  deliveries: number,
) => operationRunners[message.kind].run({ message, budget, deliveries });

/** Reading the audit posture of many thousand mailboxes takes minutes, and cannot be handed over. */
const checkBudgetMs = 8 * 60_000;

const checkTenant = (deps: DailyCheckDeps, message: TenantCheckMessage, budget: Budget) =>
  message.daily === true
    ? runDailyCheck({ ...deps, budget }, message.tenantId)
    : runTenantCheck({ ...deps, budget }, message);

export const queues: readonly QueueTrigger<QueueDeps>[] = [
  {
    ...queue('deliver-webhook', deliveryQueue, deliveryMessageSchema, deliver),
    budgetMs: deliveryBudgetMs,
  },
  {
    ...queue('send-records', destinationQueue, destinationMessageSchema, runDestinationMessage),
    budgetMs: sendingBudgetMs,
  },
  {
    ...queue('send-notifications', notificationQueue, notificationMessageSchema, runNotification),
    budgetMs: channelBudgetMs,
  },
  queue('index-raw-blob', indexQueue, indexRequestSchema, runIndexRequest),
  queue('run-operation', operationQueue, operationMessageSchema, runOperation),
  {
    ...queue('run-tenant-check', tenantCheckQueue, tenantCheckMessageSchema, checkTenant),
    budgetMs: checkBudgetMs,
  },
  queue('run-poll-request', pollQueue, pollRequestSchema, runPollRequest),
];
