/** The calculator's numbers are those of the benchmark, of the app's own settings and of its timers. */
import { CronExpressionParser } from 'cron-parser';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { timers } from '../../../functions/timers.ts';
import { prices } from '../../../scripts/cost/prices.ts';
import { queuePollSeconds, queues, timerRunsPerDay } from '../../../scripts/cost/schedule.ts';
import { prices as shared } from '../../../shared/telemetry/prices.ts';
import { misses } from '../../bench/figures.ts';
import { pagePath } from './page.ts';
import bench from '../../../scripts/cost/bench.json' with { type: 'json' };

const functions = new URL('../../../functions/', import.meta.url);

function runsInADay(schedule: string): number {
  const currentDate = new Date('2026-03-02T23:59:59Z');
  const endDate = new Date('2026-03-03T23:59:59Z');
  const times = CronExpressionParser.parse(schedule, { currentDate, endDate, tz: 'UTC' });
  return times.take(1441).length;
}

describe('the calculator', () => {
  it('knows how often every timer runs', () => {
    const runs = timers.map(({ name, schedule }) => [name, runsInADay(schedule)] as const);
    expect(timerRunsPerDay).toEqual(Object.fromEntries(runs));
  });

  it('polls as many queues as often as the host does', () => {
    const host = z
      .object({ extensions: z.object({ queues: z.object({ maxPollingInterval: z.string() }) }) })
      .parse(JSON.parse(readFileSync(new URL('../host.json', functions), 'utf8')));
    const [hours = 0, minutes = 0, seconds = 0] = host.extensions.queues.maxPollingInterval
      .split(':')
      .map(Number);
    expect(queuePollSeconds).toBe(hours * 3600 + minutes * 60 + seconds);
    expect(queues).toBe(7);
    expect(readFileSync(pagePath, 'utf8')).toContain(`${queues} queues polled`);
  });

  it("uses the prices of the app's own estimates", () => {
    expect(prices).toMatchObject(shared);
  });

  it('uses figures of the benchmark that meet their targets', () => {
    const { missed, ...figures } = bench;
    expect(missed).toEqual([]);
    const missing = Object.entries(figures)
      .map(([key, value]) => ({ key, label: key, value, unit: '' }))
      .filter(misses);
    expect(missing).toEqual([]);
  });
});
