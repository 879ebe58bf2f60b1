/** Sees to it that schedules run when they are due, and that no run is forgotten. */
import type { ScheduleQueue } from '../../channels/notifications.ts';
import type { ScheduleStore } from './schedule.ts';

export interface WatchSchedulesDeps {
  readonly schedules: Pick<ScheduleStore, 'list'>;
  readonly queues: ScheduleQueue;
  readonly now: () => Date;
}

/** One read if there are no schedules. @throws when storage fails */
export async function watchSchedules({ schedules, queues, now }: WatchSchedulesDeps): Promise<void> {
  for (const { scheduleId, run, paused, nextDueDateTime } of await schedules.list()) {
    if (run !== undefined) await queues.requestSchedule({ version: 1, scheduleId });
    else if (!paused && nextDueDateTime <= now())
      await queues.requestSchedule({ version: 1, scheduleId, waitedMs: 0 });
  }
}
