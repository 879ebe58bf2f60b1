/** Runs the steps of an enablement one after the other, with retries where Microsoft needs hours. */
import * as z from 'zod';
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { Budget } from '../budget.ts';
import type { MatterQueue } from '../channels/notifications.ts';
import { failedEnablementMessage } from '../channels/sources/collection.ts';
import { UpstreamError } from '../errors.ts';
import type { WorkQueues } from '../landing/work-queues.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import { whileManaged, type OperationWork, type Outcome } from '../operations/run-operation.ts';
import { changeTenant } from '../tenants/change-tenant.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantCheckQueue } from '../tenants/check-tenant.ts';
import { feedOfManaged, refusedSubscription, runningSubscription } from '../tenants/start-subscriptions.ts';
import { hasPassedAll } from '../tenants/tenant-checks.ts';
import type { StoredTenant, SubscriptionState, TenantStore } from '../tenants/tenant.ts';
import {
  isOpen,
  type EnablementRequest,
  type EnablementState,
  type EnablementStep,
  type EnablementStore,
} from './enablement.ts';
import type { ExchangeAdmin } from './exchange-admin.ts';
import { postureSchema, type PostureStore } from './posture.ts';
import { afterRefusal, waitOf, waitOrGiveUp } from './retry-policy.ts';
import { notInEffectYet, type StepContext } from './step.ts';
import { refusedSubscriptions, steps } from './steps.ts';

export interface EnablementWorkDeps {
  readonly exchange: ExchangeAdmin;
  readonly feed: ActivityFeed;
  readonly tenants: TenantStore;
  readonly enablements: EnablementStore;
  readonly postures: PostureStore;
  readonly queues: Pick<WorkQueues, 'requestPoll'> & TenantCheckQueue & MatterQueue;
  readonly now: () => Date;
}

type EnablementRun = OperationRun<EnablementRequest, EnablementState>;

export function enablementWork(
  deps: EnablementWorkDeps,
): OperationWork<EnablementRequest, EnablementState, undefined> {
  return {
    store: deps.enablements,
    inTurn: whileManaged(deps),
    work: (run, { budget }) => runSteps(deps, run, budget),
  };
}

interface Running {
  readonly run: EnablementRun;
  readonly tenant: StoredTenant;
  readonly budget: Budget;
}

/** Saves after each step. */
async function runSteps(
  deps: EnablementWorkDeps,
  run: EnablementRun,
  budget: Budget,
): Promise<Outcome<EnablementState>> {
  for (;;) {
    const { tenantId, state } = run.operation();
    const step = state.steps.find((candidate) => isOpen(candidate));
    if (step === undefined) return await finish(deps, run);
    // This message may have come early: a copy, or one that was delivered again.
    const waitMs = waitOf(step, deps.now());
    if (waitMs > 0) return { waitMs };
    // A step takes minutes: by now the tenant may have been polled, or its removal may have begun, which ends the next run.
    const tenant = await findManagedTenant(deps.tenants, tenantId);
    if (tenant === undefined) return { waitMs: 0 };
    const done = await runStep(deps, { run, tenant, budget }, step);
    // Before it is saved: a step that is done is not run again.
    if (done.name === 'subscriptions' && !isOpen(done)) await beginCollecting(deps, run, tenant, done);
    await save(run, done);
    if (budget.aborted) return { waitMs: waitOf(done, deps.now()) };
  }
}

async function runStep(
  deps: EnablementWorkDeps,
  { run, tenant, budget }: Running,
  step: EnablementStep,
): Promise<EnablementStep> {
  const enablement = run.operation();
  const attempt = { enablement, tenant, step };
  let current = step;
  const context: StepContext = {
    tenant,
    request: enablement.request,
    exchange: deps.exchange,
    feed: feedOfManaged(deps.feed, deps.tenants),
    now: deps.now,
    budget,
    async keep(progress) {
      current = settled({ ...current, ...progress });
      await save(run, current);
    },
    ensureNewest: () => run.save({}),
  };
  try {
    const result = await steps[step.name](context, step);
    const judged =
      result.status === 'Waiting'
        ? waitOrGiveUp(deps.now(), attempt, { ...result, ...notInEffectYet })
        : result;
    return settled({ ...current, ...judged });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return settled({ ...current, ...afterRefusal(deps.now(), attempt, error) });
  }
}

async function save(run: EnablementRun, changed: EnablementStep): Promise<void> {
  const before = run.operation().state.steps;
  const after = before.map((step) => (step.name === changed.name ? changed : step));
  await run.save({ state: { steps: after } });
}

/** Only a waiting step has a next attempt, and only one that waits or failed has an error. */
function settled(step: EnablementStep): EnablementStep {
  if (step.status === 'Waiting') return step;
  if (step.status === 'Failed') return { ...step, nextAttemptDateTime: undefined };
  return { ...step, errorCode: undefined, errorMessage: undefined, nextAttemptDateTime: undefined };
}

/** @throws ZodError when what the verification found is not a posture */
async function finish(deps: EnablementWorkDeps, run: EnablementRun): Promise<Outcome<EnablementState>> {
  const { tenantId, request, state } = run.operation();
  const found = state.steps.find(({ name }) => name === 'verification')?.after;
  // An enablement of some mailboxes only says nothing about the tenant.
  if (found !== undefined && 'all' in request.mailboxes)
    await deps.postures.save(tenantId, postureSchema.parse(found));
  if (!request.dryRun) await checkAgain(deps, tenantId);
  const failed = hasFailed(state);
  if (failed && !request.dryRun) await notifyOfFailure(deps, run);
  return { status: failed ? 'Failed' : 'Succeeded', state };
}

/** Before it ends: a run that is repeated notifies again, of the same matter. */
async function notifyOfFailure(
  { tenants, queues, now }: EnablementWorkDeps,
  run: EnablementRun,
): Promise<void> {
  const { tenantId, id, state } = run.operation();
  const tenant = await findManagedTenant(tenants, tenantId);
  if (tenant === undefined) return;
  const failed = state.steps.filter(({ status }) => status === 'Failed');
  await queues.requestMatter({ version: 1, matter: failedEnablementMessage(tenant, id, failed, now()) });
}

/** What was missing may have been granted meanwhile: an enablement waits for grants. */
async function checkAgain({ tenants, queues }: EnablementWorkDeps, tenantId: string): Promise<void> {
  const tenant = await findManagedTenant(tenants, tenantId);
  if (tenant === undefined || hasPassedAll(tenant)) return;
  await queues.requestTenantCheck({ version: 1, tenantId, attempt: 0 }, 0);
}

/** Partial success is success: its steps say what failed. */
function hasFailed({ steps: done }: EnablementState): boolean {
  const requested = done.filter(({ status }) => status !== 'Skipped');
  const failed = requested.filter(({ status }) => status === 'Failed');
  const good = requested.some(({ name, status }) => name !== 'verification' && status !== 'Failed');
  return failed.length > 0 && !good;
}

/** What the step for subscriptions found: those that run, and why others do not. */
const subscribed = z.object({ enabled: z.array(z.string()), refused: refusedSubscriptions });

/** Repeatable. @throws ZodError when what the step found are not subscriptions */
async function beginCollecting(
  { tenants, queues, now }: EnablementWorkDeps,
  run: EnablementRun,
  { tenantId }: StoredTenant,
  { after }: EnablementStep,
): Promise<void> {
  if (run.operation().request.dryRun || after === undefined) return;
  const { enabled, refused } = subscribed.parse(after);
  if (enabled.length === 0 && refused.length === 0) return;
  const statesOf = (contentType: ContentType, before: StoredTenant): readonly SubscriptionState[] => {
    if (enabled.includes(contentType)) return [runningSubscription(contentType, now())];
    const refusal = refused.find((one) => one.contentType === contentType);
    if (refusal !== undefined) return [refusedSubscription(contentType, refusal, now())];
    return before.subscriptions.filter((one) => one.contentType === contentType);
  };
  // As it is now: the step took minutes, and it may have been polled or registered again meanwhile.
  await changeTenant(tenants, tenantId, (tenant) => ({
    subscriptions: tenant.contentTypes.flatMap((contentType) => statesOf(contentType, tenant)),
    poll: { ...tenant.poll, nextPollAt: now(), quietPolls: 0 },
  }));
  if (enabled.length > 0) await queues.requestPoll({ version: 1, tenantId, reason: 'registered' });
}
