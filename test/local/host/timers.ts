/** Runs timer functions on their schedules, one instance of each at a time. */
import { CronExpressionParser } from 'cron-parser';
import type { TimerFunction } from './function-app.ts';
import type { Invocations } from './invocations.ts';
import { resolveSettings } from './settings.ts';

/** Longest time that setTimeout can wait for; a timer waits longer in several steps. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export interface TimerListener {
  readonly name: string;
  /** Begins to follow the schedule. */
  readonly start: () => void;
  /** Runs it now, or once after the running instance, however often it is called meanwhile. */
  readonly runNow: () => void;
  /** Starts no instance from now on. */
  readonly stop: () => Promise<void>;
}

/** @throws {Error} when the schedule is not NCRONTAB of six fields (UTC). */
export function createTimer(target: TimerFunction, invocations: Invocations): TimerListener {
  const schedule = resolveSettings(target.trigger.schedule, process.env);
  let last: Promise<void> = Promise.resolve();
  let hasFollower = false;
  let waiting: NodeJS.Timeout | undefined;
  let isStopped = false;

  const runOnce = async (): Promise<void> => {
    hasFollower = false;
    if (isStopped) return;
    const input = { json: JSON.stringify(describeTimer(schedule)) };
    // The outcome is in the log; a timer that failed runs again when it is due again.
    await invocations.run(target, { input }).catch(() => undefined);
  };
  const run = (): Promise<void> => {
    if (!hasFollower) last = last.then(runOnce);
    hasFollower = true;
    return last;
  };
  const waitFor = (due: Date): void => {
    const remainingMs = due.getTime() - Date.now();
    waiting = setTimeout(
      () => {
        if (remainingMs > MAX_DELAY_MS) waitFor(due);
        else void run().then(waitForNext);
      },
      Math.min(Math.max(remainingMs, 0), MAX_DELAY_MS),
    );
  };
  const waitForNext = (): void => {
    if (!isStopped) waitFor(nextOccurrence(schedule));
  };

  nextOccurrence(schedule);
  return {
    name: target.name,
    start: () => {
      waitForNext();
      if (target.trigger.runOnStartup) void run();
    },
    runNow: () => void run(),
    stop: () => {
      isStopped = true;
      clearTimeout(waiting);
      return Promise.resolve();
    },
  };
}

function nextOccurrence(schedule: string): Date {
  return CronExpressionParser.parse(schedule, { tz: 'UTC' }).next().toDate();
}

/** What the Functions host tells a timer's handler; names begin with a capital on the wire. */
function describeTimer(schedule: string): object {
  const now = new Date().toISOString();
  return {
    Schedule: { AdjustForDST: false },
    ScheduleStatus: { Last: now, Next: nextOccurrence(schedule).toISOString(), LastUpdated: now },
    IsPastDue: false,
  };
}
