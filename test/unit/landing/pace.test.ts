/** How long the landings of a tenant with a backlog wait, so that those of others need not. */
import { describe, expect, it } from 'vitest';
import { indexingDelayMs } from '../../../shared/landing/pace.ts';
import { minuteMs, secondMs } from '../../support/clock.ts';

const since = new Date('2026-03-10T12:00:00Z');
const later = (ms: number) => new Date(since.getTime() + ms);

describe('the wait of a landing', () => {
  it.each([
    ['nothing, if it is the first one', { recordsBefore: 0, now: since }, 0],
    ['as long as one host needs for those before it', { recordsBefore: 40_000, now: since }, 20 * secondMs],
    ['less by the time that has passed', { recordsBefore: 40_000, now: later(15 * secondMs) }, 5 * secondMs],
    ['nothing, if it lands no faster than that', { recordsBefore: 40_000, now: later(minuteMs) }, 0],
    ['nothing, if it is less than a second', { recordsBefore: 1900, now: since }, 0],
  ])('is %s', (_name, paced, expected) => {
    expect(indexingDelayMs({ since, ...paced })).toBe(expected);
  });
});

interface Job {
  readonly tenant: string;
  readonly records: number;
  /** Milliseconds. */
  readonly visibleAt: number;
}

/** One host: two landings at once, a thousand records a second each, in the order in which messages become visible. */
function waitsOf(jobs: readonly Job[]): readonly (Job & { readonly waitMs: number })[] {
  let [free, other] = [0, 0];
  return [...jobs]
    .sort((a, b) => a.visibleAt - b.visibleAt)
    .map((job) => {
      const end = Math.max(free, job.visibleAt) + job.records;
      [free, other] = [Math.min(end, other), Math.max(end, other)];
      return { ...job, waitMs: end - job.visibleAt };
    });
}

describe('twenty small tenants alongside one with half a million records', () => {
  const small = Array.from({ length: 20 }, (_, at): Job => ({
    ...{ tenant: `small-${at}`, records: 50, visibleAt: minuteMs + at * 3 * secondMs },
  }));
  const backlog = (isPaced: boolean) =>
    Array.from({ length: 30 }, (_, at): Job => {
      const delay = indexingDelayMs({ since, recordsBefore: at * 16_000, now: since });
      return { tenant: 'large', records: 16_000, visibleAt: isPaced ? delay : 0 };
    });
  const longestOf = (jobs: readonly Job[], isLarge: boolean) => {
    const waits = waitsOf(jobs).filter(({ tenant }) => (tenant === 'large') === isLarge);
    return Math.max(...waits.map(({ waitMs, visibleAt }) => (isLarge ? visibleAt + waitMs : waitMs)));
  };

  it('wait for a landing that is being indexed, not for all of them', () => {
    expect(longestOf([...backlog(false), ...small], false)).toBeGreaterThan(2 * minuteMs);
    expect(longestOf([...backlog(true), ...small], false)).toBeLessThan(20 * secondMs);
  });

  it('cost the large one little', () => {
    const alone = longestOf(backlog(false), true);
    expect(longestOf([...backlog(true), ...small], true)).toBeLessThan(1.1 * alone);
  });
});
