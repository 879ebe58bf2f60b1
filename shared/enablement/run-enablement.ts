/** Carries an enablement on, message by message, with patience where Microsoft needs hours. */
import * as z from 'zod';
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { Budget, StartBudget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import type { WorkQueues } from '../landing/landing.ts';
import type { Telemetry } from '../telemetry.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import {
  SupersededError,
  type Enablement,
  type EnablementMessage,
  type EnablementQueue,
  type EnablementRun,
  type EnablementStatus,
  type EnablementStep,
  type EnablementStore,
} from './enablement.ts';
import type { ExchangeAdmin } from './exchange-admin.ts';
import { afterRefusal, waitOf, waitOrGiveUp, type Attempt } from './patience.ts';
import { postureSchema, type PostureStore } from './posture.ts';
import { notInEffectYet, type StepContext } from './step.ts';
import { steps } from './steps.ts';

export interface RunEnablementDeps {
  readonly exchange: ExchangeAdmin;
  readonly feed: ActivityFeed;
  readonly tenants: TenantStore;
  readonly enablements: EnablementStore;
  readonly postures: PostureStore;
  readonly queues: WorkQueues & EnablementQueue;
  readonly telemetry: Telemetry;
  /** How long one message works before it hands the rest to the next. */
  readonly enablementBudgetMs: number;
  readonly startBudget: StartBudget;
  readonly now: () => Date;
}

/** Runs without an end after which a message is one that nobody can handle. */
const maxRuns = 1000;
/** The delivery with which a message is sent anew; after five it would be poison. */
const maxDeliveries = 3;

/**
 * Runs steps until the budget is spent, one has to wait, or all are done; progress is saved after each. Ends quietly
 * when a newer run has taken over.
 * @throws when storage fails: the message comes again and goes on from what was saved
 */
export async function runEnablement(deps: RunEnablementDeps, message: EnablementMessage): Promise<void> {
  const run = await deps.enablements.takeOver(message);
  if (run === undefined) return;
  const next: EnablementMessage = { ...message, after: run.number };
  if (isWornOut(run)) {
    await deps.queues.requestEnablementStep(next, 0);
    return;
  }
  try {
    await carryOn(deps, run, next);
  } catch (error) {
    if (!(error instanceof SupersededError)) throw error;
    const { tenantId, enablementId } = message;
    deps.telemetry('enablement.run.superseded', { tenantId, enablementId });
  }
}

/** A host that is killed has had the message delivered, too: that must not make it poison. */
function isWornOut({ deliveries, number }: EnablementRun): boolean {
  return deliveries >= maxDeliveries && number < maxRuns;
}

async function carryOn(deps: RunEnablementDeps, run: EnablementRun, next: EnablementMessage): Promise<void> {
  const budget = deps.startBudget(deps.enablementBudgetMs);
  let { enablement, cancelRequested } = run;
  for (;;) {
    const tenant = await findManagedTenant(deps.tenants, enablement.tenantId);
    if (tenant === undefined) return;
    const step = enablement.steps.find((candidate) => isOpen(candidate));
    if (cancelRequested || step === undefined) {
      await finish(deps, run, cancelRequested ? canceled(enablement) : enablement);
      return;
    }
    // A second message, or one that came again: whatever waits has to wait until its time.
    const waiting = waitOf(step, deps.now());
    const done = waiting > 0 ? step : await runAndSave(deps, { run, enablement, tenant, step, budget });
    const waitMs = waitOf(done, deps.now());
    if (waitMs > 0 || budget.aborted) {
      await deps.queues.requestEnablementStep(next, waitMs);
      return;
    }
    enablement = withStep(enablement, done, deps.now());
    cancelRequested = await run.isCancelRequested();
  }
}

interface StepRun extends Attempt {
  readonly run: EnablementRun;
  readonly budget: Budget;
}

async function runAndSave(deps: RunEnablementDeps, stepRun: StepRun): Promise<EnablementStep> {
  const { run, enablement, tenant } = stepRun;
  const done = await runStep(deps, stepRun);
  // Before it is saved: a step that is done is not looked at again.
  if (done.name === 'subscriptions' && !isOpen(done))
    await beginCollecting(deps, enablement, { tenant, done });
  await run.save(withStep(enablement, done, deps.now()));
  return done;
}

async function runStep(deps: RunEnablementDeps, stepRun: StepRun): Promise<EnablementStep> {
  const { run, enablement, tenant, step, budget } = stepRun;
  let current = step;
  const context: StepContext = {
    tenant,
    request: enablement.request,
    exchange: deps.exchange,
    feed: deps.feed,
    now: deps.now,
    budget,
    async keep(progress) {
      current = settled({ ...current, ...progress });
      await run.save(withStep(enablement, current, deps.now()));
    },
    isCancelRequested: () => run.isCancelRequested(),
  };
  try {
    const result = await steps[step.name](context, step);
    const judged =
      result.status === 'Waiting'
        ? waitOrGiveUp(deps.now(), stepRun, { ...result, ...notInEffectYet })
        : result;
    return settled({ ...current, ...judged });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return settled({ ...current, ...afterRefusal(deps.now(), stepRun, error) });
  }
}

function isOpen({ status }: EnablementStep): boolean {
  return status === 'NotStarted' || status === 'Running' || status === 'Waiting';
}

function withStep(enablement: Enablement, changed: EnablementStep, now: Date): Enablement {
  const after = enablement.steps.map((step) => (step.name === changed.name ? changed : step));
  return { ...enablement, status: 'Running', steps: after, lastActionDateTime: now };
}

/** Only a step that waits says until when, and only one that waits or failed says why. */
function settled(step: EnablementStep): EnablementStep {
  if (step.status === 'Waiting') return step;
  if (step.status === 'Failed') return { ...step, nextAttemptDateTime: undefined };
  return { ...step, errorCode: undefined, errorMessage: undefined, nextAttemptDateTime: undefined };
}

function canceled(enablement: Enablement): Enablement {
  const after = enablement.steps.map((step) =>
    isOpen(step) ? { ...step, status: 'Canceled' as const } : step,
  );
  return { ...enablement, steps: after };
}

async function finish(deps: RunEnablementDeps, run: EnablementRun, enablement: Enablement): Promise<void> {
  const status = statusOf(enablement);
  const { tenantId, enablementId, request } = enablement;
  const seen = postureSchema.safeParse(enablement.steps.find((step) => step.name === 'verification')?.after);
  // One that looked at some mailboxes only says nothing about the tenant.
  if (seen.success && 'all' in request.mailboxes) await deps.postures.save(tenantId, seen.data);
  await run.save({ ...enablement, status, lastActionDateTime: deps.now() });
  deps.telemetry('enablement.operation.finished', { tenantId, enablementId, status });
}

function statusOf({ steps: done }: Enablement): EnablementStatus {
  const asked = done.filter((step) => step.status !== 'Skipped');
  if (asked.some((step) => step.status === 'Canceled')) return 'Canceled';
  const failures = asked.filter((step) => step.status === 'Failed').length;
  if (failures === 0) return 'Succeeded';
  const good = asked.filter((step) => step.name !== 'verification' && step.status !== 'Failed').length;
  return good === 0 ? 'Failed' : 'PartiallySucceeded';
}

const enabledTypes = z.object({ enabled: z.array(z.string()) });

/** Repeatable: what was begun before this message came again goes on as it is. */
async function beginCollecting(
  deps: RunEnablementDeps,
  { request }: Enablement,
  { tenant, done }: { readonly tenant: Tenant; readonly done: EnablementStep },
): Promise<void> {
  const enabled = enabledTypes.safeParse(done.after).data?.enabled ?? [];
  if (request.dryRun || enabled.length === 0) return;
  const { tenantId, contentTypes } = tenant;
  await deps.tenants.update(tenantId, {
    subscriptions: contentTypes.map((contentType) => ({
      contentType,
      enabled: enabled.includes(contentType),
    })),
    poll: { ...tenant.poll, nextPollAt: deps.now(), quietPolls: 0 },
  });
  await deps.queues.requestPoll({ version: 1, tenantId, reason: 'registered' });
}
