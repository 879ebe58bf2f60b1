/** What the hourly timer of channels does: messages that were lost are sent again. */
import { resendNotifications, type ResendNotificationsDeps } from '../detection/resend-notifications.ts';
import { watchChannels, type WatchChannelsDeps } from './watch-channels.ts';

export type WatchNotificationsDeps = WatchChannelsDeps & ResendNotificationsDeps;

/** Neither waits for the other, or fails with it. @throws AggregateError after both */
export async function watchNotifications(deps: WatchNotificationsDeps): Promise<void> {
  const ended = await Promise.allSettled([watchChannels(deps), resendNotifications(deps)]);
  const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be looked after.');
}
