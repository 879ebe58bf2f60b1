/** When a step of an enablement is retried, and how it fails when it no longer is. */
import type { UpstreamError } from '../errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Enablement, EnablementStep } from './enablement.ts';
import { powerShellFor } from './powershell.ts';
import type { StepResult } from './step.ts';

/** Attempts of one step: with waits of up to half an hour, about twelve hours. */
const maxAttempts = 30;
const firstWaitMs = 15_000;
const longestWaitMs = 30 * 60_000;
/** A subscription must not be requested more often. */
const subscriptionWaitMs = 15 * 60_000;

/** Codes of refusals that mean that a role or consent is missing, or was granted so recently that it is not effective yet. */
const missingGrants: ReadonlySet<string> = new Set(['ExchangeUnauthorized', 'ExchangeForbidden']);
const grantEffectiveMs = 60 * 60_000;

/** One attempt of a step. */
export interface Attempt {
  readonly enablement: Enablement;
  readonly tenant: Tenant;
  readonly step: EnablementStep;
}

/** A step that Microsoft refused: it waits for another attempt, or has failed. */
export function afterRefusal(now: Date, attempt: Attempt, error: UpstreamError): StepResult {
  const reason = { errorCode: error.code, errorMessage: error.message };
  if (!mayPass(now, attempt.enablement, error)) return giveUp(attempt, reason);
  const askedMs = error.action === 'waitForAuditing' ? subscriptionWaitMs : error.retryAfterMs;
  return waitOrGiveUp(now, attempt, { status: 'Waiting', ...reason }, askedMs);
}

function mayPass(now: Date, enablement: Enablement, { action, code }: UpstreamError): boolean {
  if (['retry', 'pause', 'waitForAuditing'].includes(action)) return true;
  const ageMs = now.getTime() - enablement.createdDateTime.getTime();
  return missingGrants.has(code) && !enablement.request.dryRun && ageMs < grantEffectiveMs;
}

/** @param askedMs minimum wait that Microsoft requested */
export function waitOrGiveUp(now: Date, attempt: Attempt, result: StepResult, askedMs = 0): StepResult {
  const { step } = attempt;
  const attempts = step.attempts + 1;
  if (attempts >= maxAttempts) return { ...result, ...giveUp(attempt, result), attempts };
  const waitMs = Math.max(askedMs, Math.min(firstWaitMs * 2 ** step.attempts, longestWaitMs));
  return { ...result, attempts, nextAttemptDateTime: new Date(now.getTime() + waitMs).toISOString() };
}

/** Includes the commands that do the same by hand, if there are any. */
function giveUp(
  { step, tenant, enablement }: Attempt,
  { errorCode, errorMessage }: Pick<EnablementStep, 'errorCode' | 'errorMessage'>,
): StepResult {
  const byHand = powerShellFor(step.name, tenant, enablement.request);
  const lines = byHand === undefined ? [] : ['By hand:', byHand];
  return { status: 'Failed', errorCode, errorMessage: [errorMessage, ...lines].join('\n') };
}

/** Milliseconds until the next attempt of a waiting step. */
export function waitOf(step: EnablementStep, now: Date): number {
  if (step.status !== 'Waiting' || step.nextAttemptDateTime === undefined) return 0;
  return Math.max(0, Date.parse(step.nextAttemptDateTime) - now.getTime());
}
