/** Sends messages about findings again that were lost, e.g. in a poison queue. */
import pMap from 'p-map';
import type { FindingStore } from './finding.ts';
import type { NotificationQueue } from './messages.ts';

export interface ResendNotificationsDeps {
  readonly findings: Pick<FindingStore, 'unnotified'>;
  readonly queues: NotificationQueue;
  readonly now: () => Date;
}

const minuteMs = 60_000;
/** Messages of younger ones are on their way. */
const settledMs = 10 * minuteMs;
/** Nothing older is worth a notification. */
const oldestMs = 8 * 24 * 60 * minuteMs;
/** The next run does the rest. */
const mostAtOnce = 1000;
/** A transaction of the queue service has one message. */
const messagesAtOnce = 16;

/** One request if there are none; a superfluous message does no harm. @throws when storage fails */
export async function resendNotifications({ findings, queues, now }: ResendNotificationsDeps): Promise<void> {
  const at = now().getTime();
  const [from, to] = [new Date(at - oldestMs), new Date(at - settledMs)];
  const unnotified = await findings.unnotified(from, to, mostAtOnce);
  await pMap(
    unnotified,
    ({ tenantId, findingId, revision }) =>
      queues.requestNotification({ version: 1, tenantId, findingId, revision }),
    { concurrency: messagesAtOnce },
  );
}
