/** What the timer of channels does: messages that were lost are sent again, and schedules of reports that are due begin. */
import { resendNotifications, type ResendNotificationsDeps } from '../detection/resend-notifications.ts';
import { watchSchedules, type WatchSchedulesDeps } from '../reports/schedules/watch-schedules.ts';
import { watchChannels, type WatchChannelsDeps } from './watch-channels.ts';

export type WatchNotificationsDeps = WatchChannelsDeps & ResendNotificationsDeps & WatchSchedulesDeps;

/** None waits for another, or fails with it. @throws AggregateError after all */
export async function watchNotifications(deps: WatchNotificationsDeps): Promise<void> {
  const ended = await Promise.allSettled([
    watchChannels(deps),
    resendNotifications(deps),
    watchSchedules(deps),
  ]);
  const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be looked after.');
}
