/** The retry loop, and the wait that Retry-After requests. */
import { describe, expect, it } from 'vitest';
import type { Budget } from '../../../shared/budget.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { parseRetryAfter, withRetries } from '../../../shared/retry.ts';
import { createClock, dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';

const refused = (retryAfterMs?: number) => new UpstreamError('pause', 'AF429', 'Busy.', { retryAfterMs });

/** Calls something that fails with these errors in turn, then succeeds; returns the waits in between. */
async function callWith(
  errors: readonly UpstreamError[],
  { attempts = 4, budget, beforeWait }: Partial<Calling> = {},
) {
  const waits: number[] = [];
  const left = [...errors];
  const outcome = await withRetries(
    () => {
      const error = left.shift();
      return error === undefined ? Promise.resolve('done') : Promise.reject(error);
    },
    {
      ...{ attempts, budget, baseMs: 500 },
      passing: (error) => (error instanceof UpstreamError && error.action === 'pause' ? error : undefined),
      sleep: (ms) => {
        waits.push(ms);
        beforeWait?.();
        return Promise.resolve();
      },
    },
  ).catch((error: unknown) => error);
  return { waits, outcome };
}

interface Calling {
  readonly attempts: number;
  readonly budget: Budget;
  readonly beforeWait: () => void;
}

describe('the retry loop', () => {
  it('waits exactly as long as Retry-After requests, without a backoff on top', async () => {
    const { waits, outcome } = await callWith([refused(3000), refused(3000), refused(3000)]);
    expect(waits).toEqual([3000, 3000, 3000]);
    expect(outcome).toBe('done');
  });

  it('doubles its own wait where nothing is requested, with up to a half of jitter', async () => {
    const { waits } = await callWith([refused(), refused(), refused()]);
    for (const [at, base] of [500, 1000, 2000].entries()) {
      expect(waits[at]).toBeGreaterThanOrEqual(base);
      expect(waits[at]).toBeLessThanOrEqual(1.5 * base);
    }
  });

  it('throws the last error after the last attempt', async () => {
    const last = refused(2);
    const { waits, outcome } = await callWith([refused(1), last], { attempts: 2 });
    expect(outcome).toBe(last);
    expect(waits).toEqual([1]);
  });

  it('throws an error at once that a retry would not fix', async () => {
    const final = new UpstreamError('fail', 'AF10001', 'Give consent.');
    expect(await callWith([final])).toEqual({ waits: [], outcome: final });
  });

  it('throws at once when the wait would outlast the budget', async () => {
    const { startBudget } = createClock();
    const error = refused(5 * secondMs);
    expect(await callWith([error], { budget: startBudget(5 * secondMs) })).toEqual({
      waits: [],
      outcome: error,
    });
    expect(await callWith([error], { budget: startBudget(6 * secondMs) })).toMatchObject({ outcome: 'done' });
  });

  it('makes one attempt if the budget is already spent', async () => {
    const error = refused(0);
    expect(await callWith([error], { budget: createClock().startBudget(0) })).toMatchObject({
      outcome: error,
    });
    expect(await callWith([], { budget: createClock().startBudget(0) })).toMatchObject({ outcome: 'done' });
  });

  it('makes no further attempt when the budget is spent during a wait', async () => {
    const clock = createClock();
    const error = refused(secondMs);
    const beforeWait = () => {
      clock.advance(minuteMs);
    };
    const { outcome } = await callWith([error], { budget: clock.startBudget(minuteMs), beforeWait });
    expect(outcome).toBe(error);
  });

  it('ends a wait as soon as the budget is spent', async () => {
    const clock = createClock();
    const error = refused(hourMs);
    const call = withRetries(() => Promise.reject(error), {
      ...{ attempts: 2, baseMs: 1, passing: () => error, budget: clock.startBudget(2 * hourMs) },
      onRetry: () => {
        setImmediate(() => {
          clock.advance(2 * hourMs);
        });
      },
    });
    await expect(call).rejects.toBe(error);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-03-10T12:00:00Z');

  it.each([
    ['30', 30_000],
    ['0', 0],
    ['Tue, 10 Mar 2026 12:00:07 GMT', 7000],
    ['Tue, 10 Mar 2026 11:00:00 GMT', 0],
    ['-5', 0],
    ['1e9', undefined],
    ['99999999999999999999', dayMs],
    ['Fri, 10 Mar 2126 12:00:00 GMT', dayMs],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s milliseconds', (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });
});
