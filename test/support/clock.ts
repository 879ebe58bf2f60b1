/** A clock that moves only when a test moves it. */
import { budgetOf, inFlightMs, type StartBudget } from '../../shared/budget.ts';

export interface Clock {
  readonly now: () => Date;
  /** Moves it forward. */
  advance(ms: number): void;
  set(time: Date): void;
  /** A budget by this clock: spent as soon as the clock is moved to its end. */
  readonly startBudget: StartBudget;
}

export function createClock(start: string | Date = '2026-03-10T12:00:00.000Z'): Clock {
  let current = new Date(start).getTime();
  const timers = new Map<AbortController, number>();
  const set = (time: number) => {
    current = time;
    for (const [controller, at] of timers) {
      if (at > current) continue;
      timers.delete(controller);
      controller.abort();
    }
  };
  const abortedAfter = (ms: number): AbortSignal => {
    const controller = new AbortController();
    timers.set(controller, current + ms);
    set(current);
    return controller.signal;
  };
  return {
    now: () => new Date(current),
    advance: (ms) => {
      set(current + ms);
    },
    set: (time) => {
      set(time.getTime());
    },
    startBudget: (ms) => {
      const endsAt = new Date(current + ms);
      return budgetOf(abortedAfter(ms), {
        endsAt,
        remainingMs: () => endsAt.getTime() - current,
        cutoff: abortedAfter(ms + inFlightMs),
      });
    },
  };
}

export const secondMs = 1000;
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
