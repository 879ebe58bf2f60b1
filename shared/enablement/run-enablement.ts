/** Carries an enablement on, message by message, with patience where Microsoft needs hours. */
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
import { steps, type StepContext, type StepResult } from './steps.ts';

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

/**
 * Runs steps until the budget is spent, one has to wait, or all are done; progress is saved after each.
 * @throws when storage fails: the message comes again and goes on from what was saved
 */
export async function runEnablement(deps: RunEnablementDeps, message: EnablementMessage): Promise<void> {
  const deadline = deps.now().getTime() + deps.enablementBudgetMs;
  const mayGoOn = () => deps.now().getTime() < deadline;
  for (;;) {
    const enablement = await deps.enablements.get(message.tenantId, message.enablementId);
    const tenant = await deps.tenants.get(message.tenantId);
    if (enablement === undefined || tenant === undefined || isFinished(enablement)) return;
    if (enablement.cancelRequested) {
      await finish(deps, canceled(enablement));
      return;
    }
    const step = enablement.steps.find((candidate) => isOpen(candidate));
    if (step === undefined) {
      await finish(deps, enablement);
      return;
    }
    const result = await runStep(deps, { enablement, tenant, step, mayGoOn });
    const progressed = withStep(enablement, { ...step, ...result }, deps.now());
    await deps.enablements.save(progressed);
    if (step.name === 'subscriptions' && result.status === 'Succeeded')
      await beginCollecting(deps, enablement, tenant);
    const waitMs = waitOf(result, deps.now());
    if (waitMs > 0 || !mayGoOn()) {
      await deps.queues.requestEnablementStep(message, waitMs);
      return;
    }
  }
}

interface StepRun {
  readonly enablement: Enablement;
  readonly tenant: Tenant;
  readonly step: EnablementStep;
  readonly mayGoOn: () => boolean;
}

async function runStep(
  deps: RunEnablementDeps,
  { enablement, tenant, step, mayGoOn }: StepRun,
): Promise<StepResult> {
  const context: StepContext = { ...deps, tenant, request: enablement.request, mayGoOn };
  try {
    const result = await steps[step.name](context, step);
    return result.status === 'Waiting' ? waitOrGiveUp(deps, step, { ...result, ...notYet }) : result;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return afterRefusal(deps, { step, tenant, enablement }, error);
  }
}

const notYet = {
  errorCode: 'NotInEffectYet',
  errorMessage: 'It was asked for, and has not taken effect yet.',
};

function afterRefusal(
  deps: RunEnablementDeps,
  run: Omit<StepRun, 'mayGoOn'>,
  error: UpstreamError,
): StepResult {
  const reason = { errorCode: error.code, errorMessage: error.message };
  if (['retry', 'pause', 'waitForAuditing'].includes(error.action)) {
    return waitOrGiveUp(deps, run.step, { status: 'Waiting', ...reason }, error.retryAfterMs);
  }
  const byHand = powerShellFor(run.step.name, run.tenant, run.enablement.request);
  const errorMessage = byHand === undefined ? error.message : `${error.message}\nBy hand:\n${byHand}`;
  return { status: 'Failed', errorCode: error.code, errorMessage };
}

function waitOrGiveUp(
  { now }: RunEnablementDeps,
  step: EnablementStep,
  result: StepResult,
  askedMs = 0,
): StepResult {
  const attempts = step.attempts + 1;
  if (attempts >= maxAttempts) return { ...result, status: 'Failed', attempts };
  const waitMs = Math.max(askedMs, Math.min(firstWaitMs * 2 ** step.attempts, longestWaitMs));
  return { ...result, attempts, nextAttemptDateTime: new Date(now().getTime() + waitMs).toISOString() };
}

function waitOf(result: StepResult, now: Date): number {
  if (result.status !== 'Waiting' || result.nextAttemptDateTime === undefined) return 0;
  return Math.max(1000, Date.parse(result.nextAttemptDateTime) - now.getTime());
}

function isOpen({ status }: EnablementStep): boolean {
  return status === 'NotStarted' || status === 'Running' || status === 'Waiting';
}

function withStep(enablement: Enablement, changed: EnablementStep, now: Date): Enablement {
  const settled =
    changed.status === 'Waiting' || changed.status === 'Failed' ? changed : withoutError(changed);
  const after = enablement.steps.map((step) => (step.name === changed.name ? settled : step));
  return { ...enablement, status: 'Running', steps: after, lastActionDateTime: now };
}

function withoutError(step: EnablementStep): EnablementStep {
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
  const { tenantId, enablementId } = enablement;
  const seen = postureSchema.safeParse(enablement.steps.find((step) => step.name === 'verification')?.after);
  if (seen.success) await deps.postures.save(tenantId, seen.data);
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

async function beginCollecting(
  deps: RunEnablementDeps,
  { request }: Enablement,
  tenant: Tenant,
): Promise<void> {
  if (request.dryRun) return;
  const { tenantId, contentTypes } = tenant;
  await deps.tenants.update(tenantId, {
    subscriptions: contentTypes.map((contentType) => ({ contentType, enabled: true })),
    poll: { ...tenant.poll, nextPollAt: deps.now(), quietPolls: 0 },
  });
  await deps.queues.requestPoll({ version: 1, tenantId, reason: 'registered' });
}
