/** Delivers what is new to one subscription: batch after batch, in order, each until it has arrived. */
import type { Capabilities } from '../access/capability-token.ts';
import { RequestError } from '../errors.ts';
import type { FeedPosition } from '../feed/landing-sequence.ts';
import { readFeed, type FeedBatch, type FeedDeps } from '../feed/read-feed.ts';
import type { RecordFilters } from '../query/filters.ts';
import { parseSearchFilters } from '../searches/search-query.ts';
import type { SearchStore } from '../searches/search.ts';
import { takeTurn, TurnLostError, type Turn, type TurnDeps } from './delivery-turn.ts';
import { recordsMessage, recordsPerDelivery } from './payload.ts';
import { nextWaitMs } from './retry-schedule.ts';
import { isDelivered, resultOf, sendTo, type SendDeps } from './send-webhook.ts';
import type { SendOutcome } from './webhook-sender.ts';
import { openTarget } from './webhook-secrets.ts';
import type {
  DeliveryMessage,
  DisabledReason,
  StoredSubscription,
  WebhookSubscription,
} from './webhook-subscription.ts';

export interface DeliverDeps extends FeedDeps, TurnDeps, SendDeps {
  readonly searches: Pick<SearchStore, 'get'>;
  readonly capabilities: Pick<Capabilities, 'mayStillRead'>;
  /** In [0, 1). */
  readonly random: () => number;
}

/** After this long the rest is left to another message, so that no run meets the limit of functions. */
const budgetMs = 60_000;

/**
 * Delivers until there is nothing new, an attempt fails, or time is up.
 * @throws when storage fails: the message must come again
 */
export async function deliver(deps: DeliverDeps, message: DeliveryMessage): Promise<void> {
  if (await isTooEarly(deps, message)) return;
  const turn = await takeTurn(deps, message);
  if (turn === undefined) return;
  try {
    await deliverBatches(deps, turn);
  } catch (error) {
    if (!(error instanceof TurnLostError)) throw error;
  }
}

/** While a retry is waited for, news have to wait, too. A message that came before its time is sent on. */
async function isTooEarly(deps: DeliverDeps, message: DeliveryMessage): Promise<boolean> {
  const found = await deps.subscriptions.get(message.tenantId, message.subscriptionId);
  const waitMs = (found?.nextAttemptAt?.getTime() ?? 0) - deps.now().getTime();
  if (waitMs <= 0) return false;
  if (message.failures !== undefined && message.failures === found?.failures) {
    await deps.queues.requestDelivery(message, waitMs);
  }
  return true;
}

async function deliverBatches(deps: DeliverDeps, turn: Turn): Promise<void> {
  const deadline = deps.now().getTime() + budgetMs;
  for (;;) {
    const wanted = await wantedBy(deps, turn.subscription());
    if (typeof wanted === 'string') {
      await disable(deps, turn, wanted);
      return;
    }
    const batch = await nextBatch(deps, turn.subscription(), wanted.filters);
    if (batch.records.length > 0) {
      if (!(await deliverBatch(deps, turn, { batch, target: wanted.target }))) return;
    } else if (batch.more) {
      await turn.save({ position: batch.position, ...nothingPending });
    } else if (await turn.end({ position: batch.position, ...nothingPending })) return;
    if (deps.now().getTime() < deadline) continue;
    const { tenantId, subscriptionId } = turn.subscription();
    await deps.queues.requestDelivery({ version: 1, tenantId, subscriptionId });
    await turn.leave({});
    return;
  }
}

/** Also where a batch that failed is not wanted any more: its attempts do not count against the next one. */
const nothingPending = { pending: undefined, failures: 0, nextAttemptAt: undefined, lastError: undefined };

interface Wanting {
  readonly filters: RecordFilters;
  readonly target: string;
}

/** What to deliver where; or why nothing can be delivered any more. */
async function wantedBy(
  deps: DeliverDeps,
  subscription: WebhookSubscription,
): Promise<Wanting | DisabledReason> {
  const { tenantId, createdBy, wanted } = subscription;
  if (!(await deps.capabilities.mayStillRead(createdBy, tenantId))) return 'revoked';
  const target = openTarget(deps.signingKey, subscription);
  const filters = wanted.filters ?? (await deps.searches.get(tenantId, wanted.search))?.filters;
  if (target === undefined || filters === undefined) return 'invalid';
  try {
    return { target, filters: parseSearchFilters(filters) };
  } catch (error) {
    // They were understood when they were stored; a later version may know them no more.
    if (error instanceof RequestError) return 'invalid';
    throw error;
  }
}

/** A batch that was sent before is read again to the line where it ended. */
async function nextBatch(
  deps: DeliverDeps,
  subscription: StoredSubscription,
  filters: RecordFilters,
): Promise<FeedBatch> {
  const { tenantId, position, pending } = subscription;
  const limit = recordsPerDelivery(subscription);
  return await readFeed(deps, { tenantId, filters, position, limit, until: pending?.to });
}

interface Sending {
  readonly batch: FeedBatch;
  readonly target: string;
}

/** False when the turn has ended. */
async function deliverBatch(deps: DeliverDeps, turn: Turn, { batch, target }: Sending): Promise<boolean> {
  const { pending } = turn.subscription();
  const to = batch.position;
  const settled = pending !== undefined && isSame(pending.to, to) ? pending : { to, at: deps.now() };
  // Before anything is sent: a second attempt has to be the same, whatever was ingested meanwhile.
  await turn.save({ pending: settled });
  const message = recordsMessage(turn.subscription(), settled, batch.records);
  const outcome = await sendTo(deps, turn.subscription(), { target, message });
  report(deps, turn.subscription(), { outcome, records: batch.records.length });
  if (isDelivered(outcome)) {
    await turn.save({ ...nothingPending, position: settled.to, lastDeliveryAt: deps.now() });
    return true;
  }
  await retryLater(deps, turn, outcome);
  return false;
}

function isSame(a: FeedPosition, b: FeedPosition): boolean {
  return a.sequence === b.sequence && a.line === b.line;
}

function report(
  { telemetry }: DeliverDeps,
  { tenantId, subscriptionId, failures }: StoredSubscription,
  { outcome, records }: { readonly outcome: SendOutcome; readonly records: number },
): void {
  const about = { tenantId, subscriptionId, records, attempt: failures + 1, result: resultOf(outcome) };
  telemetry(isDelivered(outcome) ? 'webhooks.delivery.succeeded' : 'webhooks.delivery.failed', about);
}

async function retryLater(deps: DeliverDeps, turn: Turn, outcome: SendOutcome): Promise<void> {
  if (outcome.kind === 'answered' && outcome.status === 410) {
    await disable(deps, turn, 'gone');
    return;
  }
  const { tenantId, subscriptionId, failures: before } = turn.subscription();
  const failures = before + 1;
  const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined;
  const waitMs = nextWaitMs({ failures, retryAfter, now: deps.now(), random: deps.random() });
  const lastError = resultOf(outcome);
  if (waitMs === undefined) {
    await disable(deps, turn, 'failing', lastError);
    return;
  }
  // First the message: without it nobody would try again; too early, it is sent on.
  await deps.queues.requestDelivery({ version: 1, tenantId, subscriptionId, failures }, waitMs);
  const nextAttemptAt = new Date(deps.now().getTime() + waitMs);
  await turn.leave({ failures, nextAttemptAt, lastError });
}

async function disable(
  deps: DeliverDeps,
  turn: Turn,
  reason: DisabledReason,
  lastError?: string,
): Promise<void> {
  const { tenantId, subscriptionId } = turn.subscription();
  await turn.leave({ disabled: reason, ...(lastError === undefined ? {} : { lastError }) });
  deps.telemetry('webhooks.subscription.disabled', { tenantId, subscriptionId, reason });
}
