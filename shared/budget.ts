/**
 * How long one invocation may work, as one AbortSignal from its trigger to the sockets it uses.
 *
 * When a budget is spent (its signal is aborted):
 * - a loop starts no new piece of work and hands the rest over. However short the budget, the first piece is always
 *   done, so that every invocation makes progress;
 * - a wait (between retries, for a rate limit) ends at once, and one that cannot end before {@link Budget.endsAt} never
 *   begins: the last error is thrown instead;
 * - a request to Microsoft that is in flight has {@link inFlightMs} left. Then its socket is closed;
 * - writes to storage are never cut off: what was received is stored, and the progress saved.
 */
import { setMaxListeners } from 'node:events';

/** Budget of one invocation: aborted when it is spent. */
export interface Budget extends AbortSignal {
  /** When it is aborted. */
  readonly endsAt: Date;
}

/** @param ms milliseconds from now; 0 gives a budget that is spent */
export type StartBudget = (ms: number) => Budget;

/** What trigger handlers start the budget of an invocation with. */
export interface Budgets {
  readonly startBudget: StartBudget;
  /** Of triggers that need no other one, in milliseconds. */
  readonly budgetMs: number;
}

/** How long a request that was sent within the budget may outlast it. Shorter than host.json's functionTimeout allows. */
export const inFlightMs = 30_000;

/** A budget by the wall clock; its timer does not keep the process alive. */
export function startBudget(ms: number, now: Date = new Date()): Budget {
  return budgetOf(ms > 0 ? AbortSignal.timeout(ms) : AbortSignal.abort(), new Date(now.getTime() + ms));
}

/** Makes a signal a budget. @param endsAt when it will be aborted */
export function budgetOf(signal: AbortSignal, endsAt: Date): Budget {
  // Every request and every wait of an invocation listens: that many listeners are no leak.
  setMaxListeners(0, signal);
  return Object.assign(signal, { endsAt });
}
