/** Carries an enablement on, message by message, with patience where Microsoft needs hours. */
import { z } from 'zod';
import type { ActivityFeed } from '../activity/activity-feed.ts';
import { UpstreamError } from '../errors.ts';
import type { WorkQueues } from '../landing/landing.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import {
  isFinished,
  type Enablement,
  type EnablementMessage,
  type EnablementQueue,
  type EnablementStatus,
  type EnablementStep,
  type EnablementStore,
} from './enablement.ts';
import type { ExchangeAdmin } from './exchange-admin.ts';
import { postureSchema, type PostureStore } from './posture.ts';
import { powerShellFor } from './powershell.ts';
import { notInEffectYet, type StepContext, type StepResult } from './step.ts';
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
  readonly now: () => Date;
}

/** Attempts of one step: with waits of up to half an hour, about twelve hours of patience. */
const maxAttempts = 30;
const firstWaitMs = 15_000;
const longestWaitMs = 30 * 60_000;
/** A subscription must not be asked for more often. */
const subscriptionWaitMs = 15 * 60_000;

/** Codes of refusals that mean that a role or consent is missing, or was given just now and is not known yet. */
const missingGrants: ReadonlySet<string> = new Set(['ExchangeUnauthorized', 'ExchangeForbidden']);
const grantPatienceMs = 60 * 60_000;

/**
 * Runs steps until the budget is spent, one has to wait, or all are done; progress is saved after each.
 * @throws when storage fails: the message comes again and goes on from what was saved
 */
export async function runEnablement(deps: RunEnablementDeps, message: EnablementMessage): Promise<void> {
  const deadline = deps.now().getTime() + deps.enablementBudgetMs;
  for (;;) {
    const enablement = await deps.enablements.get(message.tenantId, message.enablementId);
    const tenant = await deps.tenants.get(message.tenantId);
    if (enablement === undefined || tenant === undefined || isFinished(enablement)) return;
    const step = enablement.steps.find((candidate) => isOpen(candidate));
    if (enablement.cancelRequested || step === undefined) {
      await finish(deps, enablement.cancelRequested ? canceled(enablement) : enablement);
      return;
    }
    // A second message, or one that came again: whatever waits has to wait until its time.
    const waiting = waitOf(step, deps.now());
    const done = waiting > 0 ? step : await runAndSave(deps, { enablement, tenant, step, deadline });
    const waitMs = waitOf(done, deps.now());
    if (waitMs > 0 || deps.now().getTime() >= deadline) {
      await deps.queues.requestEnablementStep(message, waitMs);
      return;
    }
  }
}

interface StepRun {
  readonly enablement: Enablement;
  readonly tenant: Tenant;
  readonly step: EnablementStep;
  readonly deadline: number;
}

async function runAndSave(deps: RunEnablementDeps, run: StepRun): Promise<EnablementStep> {
  const { enablement, tenant } = run;
  const done = await runStep(deps, run);
  // Before it is saved: a step that is done is not looked at again.
  if (done.name === 'subscriptions' && !isOpen(done))
    await beginCollecting(deps, enablement, { tenant, done });
  await deps.enablements.save(withStep(enablement, done, deps.now()));
  return done;
}

async function runStep(deps: RunEnablementDeps, run: StepRun): Promise<EnablementStep> {
  const { enablement, tenant, step, deadline } = run;
  let current = step;
  const { tenantId, enablementId, request } = enablement;
  const context: StepContext = {
    ...{ tenant, request, exchange: deps.exchange, feed: deps.feed, now: deps.now },
    async keep(progress) {
      current = settled({ ...current, ...progress });
      await deps.enablements.save(withStep(enablement, current, deps.now()));
    },
    async mayGoOn() {
      if (deps.now().getTime() >= deadline) return false;
      return (await deps.enablements.get(tenantId, enablementId))?.cancelRequested === false;
    },
  };
  try {
    const result = await steps[step.name](context, step);
    const judged =
      result.status === 'Waiting' ? waitOrGiveUp(deps, run, { ...result, ...notInEffectYet }) : result;
    return settled({ ...current, ...judged });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return settled({ ...current, ...afterRefusal(deps, run, error) });
  }
}

function afterRefusal(deps: RunEnablementDeps, run: StepRun, error: UpstreamError): StepResult {
  const reason = { errorCode: error.code, errorMessage: error.message };
  if (!mayPass(deps, run.enablement, error)) return giveUp(run, reason);
  const askedMs = error.action === 'waitForAuditing' ? subscriptionWaitMs : error.retryAfterMs;
  return waitOrGiveUp(deps, run, { status: 'Waiting', ...reason }, askedMs);
}

function mayPass(
  { now }: RunEnablementDeps,
  enablement: Enablement,
  { action, code }: UpstreamError,
): boolean {
  if (['retry', 'pause', 'waitForAuditing'].includes(action)) return true;
  const ageMs = now().getTime() - enablement.createdDateTime.getTime();
  return missingGrants.has(code) && !enablement.request.dryRun && ageMs < grantPatienceMs;
}

function waitOrGiveUp({ now }: RunEnablementDeps, run: StepRun, result: StepResult, askedMs = 0): StepResult {
  const { step } = run;
  const attempts = step.attempts + 1;
  if (attempts >= maxAttempts) return { ...result, ...giveUp(run, result), attempts };
  const waitMs = Math.max(askedMs, Math.min(firstWaitMs * 2 ** step.attempts, longestWaitMs));
  return { ...result, attempts, nextAttemptDateTime: new Date(now().getTime() + waitMs).toISOString() };
}

/** Says how to do it by hand, where it can be done so. */
function giveUp(
  { step, tenant, enablement }: StepRun,
  { errorCode, errorMessage }: Pick<EnablementStep, 'errorCode' | 'errorMessage'>,
): StepResult {
  const byHand = powerShellFor(step.name, tenant, enablement.request);
  const lines = byHand === undefined ? [] : ['By hand:', byHand];
  return { status: 'Failed', errorCode, errorMessage: [errorMessage, ...lines].join('\n') };
}

function waitOf(step: EnablementStep, now: Date): number {
  if (step.status !== 'Waiting' || step.nextAttemptDateTime === undefined) return 0;
  return Math.max(0, Date.parse(step.nextAttemptDateTime) - now.getTime());
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

async function finish(deps: RunEnablementDeps, enablement: Enablement): Promise<void> {
  const status = statusOf(enablement);
  const { tenantId, enablementId, request } = enablement;
  const seen = postureSchema.safeParse(enablement.steps.find((step) => step.name === 'verification')?.after);
  // One that looked at some mailboxes only says nothing about the tenant.
  if (seen.success && 'all' in request.mailboxes) await deps.postures.save(tenantId, seen.data);
  await deps.enablements.save({ ...enablement, status, lastActionDateTime: deps.now() });
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
