/** A clock that stands still until a test moves it. */

export interface Clock {
  readonly now: () => Date;
  /** Moves it forward. */
  advance(ms: number): void;
  set(time: Date): void;
}

export function createClock(start: string | Date = '2026-03-10T12:00:00.000Z'): Clock {
  let current = new Date(start).getTime();
  return {
    now: () => new Date(current),
    advance: (ms) => {
      current += ms;
    },
    set: (time) => {
      current = time.getTime();
    },
  };
}

export const secondMs = 1000;
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
