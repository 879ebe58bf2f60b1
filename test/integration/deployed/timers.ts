/** Timers of the deployed app, by the clock of its host. */
import { CronExpressionParser } from 'cron-parser';
import { vi } from 'vitest';
import { timers } from '../../../functions/timers.ts';
import { minuteMs, secondMs } from '../../support/clock.ts';
import type { DeployedApp } from './deployed-app.ts';

/** A host is started so long before a timer is due. */
const leadMs = 12 * secondMs;
const patience = { timeout: 4 * minuteMs, interval: 100 };

/**
 * Lets time pass until a timer is due again; it then runs by its own schedule, in a host that was started shortly before.
 * @param isDone throws until the run has done what it should
 */
export async function passTimer(
  app: DeployedApp,
  name: string,
  isDone: () => Promise<unknown>,
): Promise<void> {
  let due: number;
  do {
    await app.halt('stop');
    due = nextTime(name, app.clock.now() + leadMs);
    app.clock.advance(due - leadMs - app.clock.now());
    await app.start();
  } while (app.clock.now() > due);
  await vi.waitFor(isDone, patience);
  await vi.waitFor(async () => {
    if (await app.isWorking()) throw new Error(`${name} still runs`);
  }, patience);
}

function nextTime(name: string, after: number): number {
  const schedule = timers.find((timer) => timer.name === name)?.schedule ?? '';
  return CronExpressionParser.parse(schedule, { tz: 'UTC', currentDate: after }).next().getTime();
}
