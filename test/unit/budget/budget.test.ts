/** The budget of an invocation, by the wall clock and by the clock of tests. */
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startBudget } from '../../../shared/budget.ts';
import { createClock, minuteMs, secondMs } from '../../support/clock.ts';

describe('a budget', () => {
  it('is aborted when its time has passed, and says when that is', async () => {
    const now = new Date('2026-03-10T12:00:00Z');
    const budget = startBudget(20, () => now);
    expect(budget.endsAt).toEqual(new Date('2026-03-10T12:00:00.020Z'));
    expect(budget.aborted).toBe(false);
    await setTimeout(60, undefined, { signal: budget }).catch(() => undefined);
    expect(budget.aborted).toBe(true);
    expect(budget.cutoff.aborted).toBe(false);
  });

  it('of zero milliseconds is spent at once', () => {
    expect(startBudget(0).aborted).toBe(true);
  });

  it('by the clock of a test ends when that clock reaches its end', () => {
    const clock = createClock();
    const budget = clock.startBudget(minuteMs);
    clock.advance(minuteMs - secondMs);
    expect(budget.aborted).toBe(false);
    clock.advance(secondMs);
    expect(budget.aborted).toBe(true);
    expect(budget.endsAt).toEqual(clock.now());
  });
});
