/** How long an enablement bears with Microsoft, and what it says when it no longer does. */
import type { UpstreamError } from '../errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Enablement, EnablementStep } from './enablement.ts';
import { powerShellFor } from './powershell.ts';
import type { StepResult } from './step.ts';

/** Attempts of one step: with waits of up to half an hour, about twelve hours of patience. */
const maxAttempts = 30;
const firstWaitMs = 15_000;
const longestWaitMs = 30 * 60_000;
/** A subscription must not be asked for more often. */
const subscriptionWaitMs = 15 * 60_000;

/** Codes of refusals that mean that a role or consent is missing, or was given just now and is not known yet. */
const missingGrants: ReadonlySet<string> = new Set(['ExchangeUnauthorized', 'ExchangeForbidden']);
const grantPatienceMs = 60 * 60_000;

/** One attempt of a step. */
export interface Attempt {
  readonly enablement: Enablement;
  readonly tenant: Tenant;
  readonly step: EnablementStep;
}

/** What becomes of a step that Microsoft refuses: it waits for another attempt, or has failed. */
export function afterRefusal(now: Date, attempt: Attempt, error: UpstreamError): StepResult {
  const reason = { errorCode: error.code, errorMessage: error.message };
  if (!mayPass(now, attempt.enablement, error)) return giveUp(attempt, reason);
  const askedMs = error.action === 'waitForAuditing' ? subscriptionWaitMs : error.retryAfterMs;
  return waitOrGiveUp(now, attempt, { status: 'Waiting', ...reason }, askedMs);
}

function mayPass(now: Date, enablement: Enablement, { action, code }: UpstreamError): boolean {
  if (['retry', 'pause', 'waitForAuditing'].includes(action)) return true;
  const ageMs = now.getTime() - enablement.createdDateTime.getTime();
  return missingGrants.has(code) && !enablement.request.dryRun && ageMs < grantPatienceMs;
}

/** @param askedMs how long Microsoft asks to wait, at least */
export function waitOrGiveUp(now: Date, attempt: Attempt, result: StepResult, askedMs = 0): StepResult {
  const { step } = attempt;
  const attempts = step.attempts + 1;
  if (attempts >= maxAttempts) return { ...result, ...giveUp(attempt, result), attempts };
  const waitMs = Math.max(askedMs, Math.min(firstWaitMs * 2 ** step.attempts, longestWaitMs));
  return { ...result, attempts, nextAttemptDateTime: new Date(now.getTime() + waitMs).toISOString() };
}

/** Says how to do it by hand, where it can be done so. */
function giveUp(
  { step, tenant, enablement }: Attempt,
  { errorCode, errorMessage }: Pick<EnablementStep, 'errorCode' | 'errorMessage'>,
): StepResult {
  const byHand = powerShellFor(step.name, tenant, enablement.request);
  const lines = byHand === undefined ? [] : ['By hand:', byHand];
  return { status: 'Failed', errorCode, errorMessage: [errorMessage, ...lines].join('\n') };
}

/** Milliseconds until the time of a step that waits. */
export function waitOf(step: EnablementStep, now: Date): number {
  if (step.status !== 'Waiting' || step.nextAttemptDateTime === undefined) return 0;
  return Math.max(0, Date.parse(step.nextAttemptDateTime) - now.getTime());
}
