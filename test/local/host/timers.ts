/** Runs timer functions on their schedules, one run of each at a time. */
import { CronExpressionParser } from 'cron-parser';
import type { TimerFunction } from './function-app.ts';
import type { Invocations } from './invocations.ts';
import { resolveSettings } from './settings.ts';

/** Longest delay of setTimeout; a timer waits longer in several steps. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export interface TimerListener {
  readonly name: string;
  /** Starts following the schedule. */
  readonly start: () => void;
  /** Runs it now, or once after the current run, no matter how often it is called in the meantime. */
  readonly runNow: () => void;
  /** Starts no more runs. */
  readonly stop: () => Promise<void>;
}

/** @throws {Error} when the schedule is not a six-field NCRONTAB expression (UTC). */
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
    // The outcome is in the log; a failed timer runs again when it is due.
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

/** What the Functions host passes to a timer's handler; names are capitalized in its protocol. */
function describeTimer(schedule: string): object {
  const now = new Date().toISOString();
  return {
    Schedule: { AdjustForDST: false },
    ScheduleStatus: { Last: now, Next: nextOccurrence(schedule).toISOString(), LastUpdated: now },
    IsPastDue: false,
  };
}
