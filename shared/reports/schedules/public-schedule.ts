/** Schedules as answers show them. */
import { reportKinds } from '../kinds/kinds.ts';
import type { Schedule, ScheduleRun } from './schedule.ts';

export function publicSchedule(schedule: Schedule) {
  const { scheduleId: id, displayName, kind, options, tenants, cadence, channels, formats } = schedule;
  const { paused, createdBy, runsAs, run, lastRun } = schedule;
  return {
    id,
    displayName,
    kind,
    title: reportKinds.find(({ name }) => name === kind)?.title,
    options,
    tenants,
    cadence,
    channels: channels && [...channels],
    formats: [...formats],
    paused,
    createdBy,
    runsAs,
    createdDateTime: schedule.createdDateTime.toISOString(),
    nextDueDateTime: paused ? undefined : schedule.nextDueDateTime.toISOString(),
    run: run && publicRun(run),
    lastRun: lastRun && {
      ...publicRun(lastRun),
      completedDateTime: lastRun.completedDateTime.toISOString(),
      tenantCount: lastRun.tenants,
      failedCount: lastRun.failed,
      errorMessage: lastRun.errorMessage,
    },
  };
}

function publicRun({ reportSetId, from, to, skipped, startedDateTime }: Omit<ScheduleRun, 'timeZone'>) {
  return {
    reportSetId,
    from: from.toISOString(),
    to: to.toISOString(),
    skippedCount: skipped,
    startedDateTime: startedDateTime.toISOString(),
  };
}
