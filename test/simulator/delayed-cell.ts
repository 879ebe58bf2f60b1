/** A value whose changes may be delayed, as between the services of Microsoft 365. */

import type { Cell } from './cell.ts';

export interface DelayedCell<T> extends Cell<T> {
  /**
   * Like patch, but takes effect `delayMs` later by the given clock. It replaces changes of the same properties that would
   * take effect at the same time or later. Once in effect, a change stays in effect even if the clock is moved back.
   */
  patchAfter(change: { readonly [K in keyof T]?: T[K] | undefined }, delayMs: number): void;
}

interface Pending {
  readonly name: string;
  readonly value: unknown;
  readonly dueMs: number;
}

export const createDelayedCell = <T extends object>(initial: T, now: () => Date): DelayedCell<T> => {
  let current = initial;
  let pending: readonly Pending[] = [];

  const settle = (): void => {
    if (pending.length === 0) return;
    const nowMs = now().getTime();
    const due = pending.filter(({ dueMs }) => dueMs <= nowMs);
    current = { ...current, ...Object.fromEntries(due.map(({ name, value }) => [name, value])) };
    pending = pending.filter(({ dueMs }) => dueMs > nowMs);
  };

  const patchAfter: DelayedCell<T>['patchAfter'] = (change, delayMs) => {
    settle();
    const dueMs = delayMs > 0 ? now().getTime() + delayMs : Number.NEGATIVE_INFINITY;
    for (const [name, value] of Object.entries<unknown>(change)) {
      if (value === undefined) continue;
      const kept = pending.filter((other) => other.name !== name || other.dueMs < dueMs);
      pending = [...kept, { name, value, dueMs }];
    }
    settle();
  };

  return {
    get: () => {
      settle();
      return current;
    },
    patch: (change) => {
      patchAfter(change, 0);
    },
    patchAfter,
  };
};
