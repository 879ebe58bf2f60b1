/** Landing as the Functions host would do it: by a poll, and with the index queue worked off behind it. */
import { QueueServiceClient, type QueueClient, type ReceivedMessageItem } from '@azure/storage-queue';
import { runIndexRequest, type IndexRequestDeps } from '../../../shared/index/run-index-request.ts';
import { runPollRequest } from '../../../shared/landing/poll-tenants.ts';
import { defaultContentTypes, type ContentType } from '../../../shared/activity/content-types.ts';
import { startBudget } from '../../../shared/budget.ts';
import type { Config } from '../../../shared/config.ts';
import { indexQueue, indexRequestSchema, type PollRequest } from '../../../shared/landing/work-queues.ts';
import { pollTenant } from '../../../shared/landing/poll-tenant.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { peakMb } from '../../support/peak-memory.ts';
import type { collect, InputOf, land, register, ResultOf } from '../tasks.ts';
import { timed } from './clock.ts';
import { connectionStringOf, type Product } from './product.ts';

/** Longer than any part takes. */
const pollLimitMs = 10 * 60_000;
/** As in host.json. */
const messagesAtOnce = 2;
const leaseSeconds = 600;

/** @throws {Error} when not everything was landed */
export async function pollOnce(
  product: Product,
  { tenantId, contentTypes, listedThrough }: InputOf<typeof land>,
): Promise<ResultOf<typeof land>> {
  const tenant = describeTenant(tenantId, contentTypes);
  await startSubscriptions(product, tenant);
  if (listedThrough !== undefined) {
    const checkpoint = { listedThrough: new Date(listedThrough) };
    for (const contentType of contentTypes)
      await product.ledger.advance(tenantId, { contentType, ...checkpoint });
  }
  const { value: outcome, ...spent } = await timed(() =>
    pollTenant(product, tenant, { budget: startBudget(pollLimitMs) }),
  );
  const { contentBlobs, records, deferred, errors, finished } = outcome;
  if (!finished || deferred > 0 || errors.size > 0) throw new Error('The poll left something behind');
  return { ...spent, contentBlobs, records, peakMb: peakMb() };
}

/** The cost of a first call, sign-in and a connection, is excluded from landing. */
async function startSubscriptions({ feed }: Product, tenant: Tenant): Promise<void> {
  for (const contentType of tenant.contentTypes) await feed.startSubscription(tenant, contentType);
}

export async function registerTenant(
  product: Product,
  { tenantId }: InputOf<typeof register>,
): Promise<ResultOf<typeof register>> {
  const tenant = describeTenant(tenantId, defaultContentTypes);
  const created = await product.tenants.create(tenant);
  await startSubscriptions(product, tenant);
  return { created };
}

export async function pollAndIndex(
  config: Config,
  product: Product,
  { tenantId }: InputOf<typeof collect>,
): Promise<ResultOf<typeof collect>> {
  const request: PollRequest = { version: 1, tenantId, reason: 'registered' };
  await runPollRequest(product, request, startBudget(pollLimitMs));
  return await workOff(QueueServiceClient.fromConnectionString(connectionStringOf(config)), product);
}

async function workOff(service: QueueServiceClient, product: Product): Promise<ResultOf<typeof collect>> {
  const totals = { indexed: 0, rows: 0 };
  const deps: IndexRequestDeps = {
    ...product,
    retention: {},
    telemetry: (_event, { indexed, rows }) => {
      totals.indexed += Number(indexed ?? 0);
      totals.rows += Number(rows ?? 0);
    },
  };
  const queue = service.getQueueClient(indexQueue);
  const handle = async (message: ReceivedMessageItem) => {
    const text = Buffer.from(message.messageText, 'base64').toString();
    await runIndexRequest(deps, indexRequestSchema.parse(JSON.parse(text)));
    await queue.deleteMessage(message.messageId, message.popReceipt);
  };
  for (let batch = await receive(queue); batch.length > 0; batch = await receive(queue)) {
    await Promise.all(batch.map(handle));
  }
  return totals;
}

async function receive(queue: QueueClient): Promise<readonly ReceivedMessageItem[]> {
  const options = { numberOfMessages: messagesAtOnce, visibilityTimeout: leaseSeconds };
  return (await queue.receiveMessages(options)).receivedMessageItems;
}

function describeTenant(tenantId: string, contentTypes: readonly ContentType[]): Tenant {
  const createdDateTime = new Date();
  return {
    ...{ tenantId, contentTypes, createdDateTime },
    state: 'Active',
    checks: [],
    displayName: 'Northwind',
    cloud: 'enterprise',
    subscriptions: contentTypes.map((contentType) => ({ contentType, enabled: true })),
    poll: { nextPollAt: createdDateTime, quietPolls: 0 },
  };
}
