/** When a channel that fails is retried. Pure. */
import type { Circuit } from '../destinations/destination.ts';
import type { SendOutcome } from './kind.ts';

type Failure = Extract<SendOutcome, { readonly outcome: 'retry' | 'misconfigured' }>;

const firstWaitMs = 5_000;
const longestWaitMs = 10 * 60_000;
/** Receivers that failed together must not all be called at the same moment. */
const jitter = 0.2;
/** Someone has to act: there is no hurry. */
const misconfiguredWaitMs = 15 * 60_000;

/** @param random in [0, 1) */
export function nextCircuit(
  circuit: Circuit | undefined,
  failure: Failure,
  now: Date,
  random: number,
): Circuit {
  const failures = (circuit?.failures ?? 0) + 1;
  const nextAttemptAt = new Date(now.getTime() + waitOf(failure, failures, random));
  const nextStep = failure.outcome === 'misconfigured' ? failure.nextStep : undefined;
  return { since: circuit?.since ?? now, cause: failure.cause, nextStep, failures, nextAttemptAt };
}

function waitOf(failure: Failure, failures: number, random: number): number {
  if (failure.outcome === 'misconfigured') return misconfiguredWaitMs;
  const doubled = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
  return Math.max(Math.round(doubled * (1 - jitter + 2 * jitter * random)), failure.afterMs ?? 0);
}
