/** Messages about findings that were lost are sent again. */
import { describe, expect, it } from 'vitest';
import { resendNotifications } from '../../../shared/detection/resend-notifications.ts';
import { newTimedId } from '../../../shared/timed-id.ts';
import { findingOf } from '../../support/detection/findings.ts';
import { createFakeFindingStore, createFakeNotificationQueue } from '../../support/fakes/detection.ts';

const now = new Date('2026-03-10T12:00:00Z');
const ago = (minutes: number) => newTimedId(new Date(now.getTime() - minutes * 60_000));

describe('the timer', () => {
  it('sends a message for each finding that channels should know and do not', async () => {
    const [findings, queues] = [createFakeFindingStore(), createFakeNotificationQueue()];
    const tell = (minutes: number, more: object = {}) =>
      findings.create(findingOf({ findingId: ago(minutes), ...more }));
    const lost = await tell(30);
    const closed = await tell(60, { notifiedRevision: 1, state: 'closed' });
    await tell(5);
    await tell(90, { notifiedRevision: 1 });
    await tell(90, { notification: 'tooOld' });
    await tell(9 * 24 * 60);
    await resendNotifications({ findings, queues, now: () => now });
    expect(queues.messages.map(({ findingId }) => findingId)).toEqual([lost?.findingId, closed?.findingId]);
  });
});
