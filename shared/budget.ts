/**
 * How long one invocation may work, as one AbortSignal from its trigger to the sockets it uses.
 *
 * When a budget is spent (its signal is aborted):
 * - a loop starts no new piece of work and hands the rest over. However short the budget, the first piece is always
 *   done, so that every invocation makes progress;
 * - a wait between retries ends at once, and one that would not end in time never begins: the last error is thrown;
 * - a request to Microsoft in flight has {@link inFlightMs} left to be answered and read. Then its socket is closed;
 * - writes to storage are never cut off: what was received is stored, and the progress is saved.
 */
import { setMaxListeners } from 'node:events';

/** Aborted when it is spent. */
export interface Budget extends AbortSignal {
  /** When it is spent. */
  readonly endsAt: Date;
  /** Milliseconds until then; 0 or less afterwards. */
  readonly remainingMs: () => number;
  /** Aborted {@link inFlightMs} later: closes the sockets of requests in flight. */
  readonly cutoff: AbortSignal;
}

/** @param ms milliseconds from now; with 0 the budget is spent at once */
export type StartBudget = (ms: number) => Budget;

/** How long a request in flight may outlast its budget. The longest budget and this fit into host.json's functionTimeout. */
export const inFlightMs = 60_000;

/** A budget by the wall clock. Its timers do not keep the process alive. */
export function startBudget(ms: number, now: () => Date = () => new Date()): Budget {
  const endsAt = new Date(now().getTime() + ms);
  return budgetOf(abortedAfter(ms), {
    endsAt,
    remainingMs: () => endsAt.getTime() - now().getTime(),
    cutoff: abortedAfter(ms + inFlightMs),
  });
}

function abortedAfter(ms: number): AbortSignal {
  return ms > 0 ? AbortSignal.timeout(ms) : AbortSignal.abort();
}

/** Makes a signal a budget. */
export function budgetOf(
  signal: AbortSignal,
  rest: Pick<Budget, 'endsAt' | 'remainingMs' | 'cutoff'>,
): Budget {
  // Every request and every wait of an invocation adds a listener: many of them do not mean a leak.
  setMaxListeners(0, signal, rest.cutoff);
  return Object.assign(signal, rest);
}
