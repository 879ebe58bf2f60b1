/**
 * A landing on its way to a mail, a card, and a ticket: storage in memory, receivers by HTTPS, and hosts that end where a
 * test says. What a host has not finished is redelivered to the next one, as the queue service does.
 */
import { runNotification, type NotificationDeps } from '../../../shared/channels/run-notification.ts';
import {
  watchNotifications,
  type WatchNotificationsDeps,
} from '../../../shared/channels/watch-notifications.ts';
import type { ChannelMessage, MatterMessage } from '../../../shared/channels/notifications.ts';
import { changeFinding } from '../../../shared/detection/change-finding.ts';
import type { FindingMessage } from '../../../shared/detection/messages.ts';
import { createClock } from '../../support/clock.ts';
import { createWatchWorld, now, type Told } from '../../support/detection/watch-world.ts';
import { createFakeChannelStore, createFakeDeliveryStore } from '../../support/fakes/channels.ts';
import { createFakeReportStores } from '../../support/fakes/schedules.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createTimedQueue } from '../../support/fakes/timed-queue.ts';
import type { Faults } from '../../support/faults.ts';
import type { Receivers } from './receivers.ts';

export type Work = { readonly landingId: string } | FindingMessage | MatterMessage | ChannelMessage;

export interface Host {
  /** Handles a message, and takes it from the queue. */
  readonly run: (work: Work) => Promise<void>;
  /** What the timer does. */
  readonly watch: () => Promise<void>;
  /** Closes all findings, as someone asks for it. */
  readonly closeFindings: () => Promise<void>;
}

export type FindingWorld = Awaited<ReturnType<typeof createFindingWorld>>;

const rule = { title: 'Inbox rule', filter: "operation eq 'New-InboxRule'", window: 'PT10M' };

/** A watch with one rule, and a channel to each receiver. */
export async function createFindingWorld(receivers: Receivers) {
  const watching = await createWatchWorld([{ ...rule, severity: 'high' }]);
  const clock = createClock(now);
  const queue = createTimedQueue<Work>(clock.now);
  const reporting = createRecordingTelemetry();
  const [channels, deliveries] = [createFakeChannelStore(), createFakeDeliveryStore()];
  await addChannels(channels, receivers);
  const before = receivers.counts();
  const hostWith = (faults: Faults): Host => {
    receivers.pass(faults);
    const queues = faults.inject('queue', {
      ...{ requestNotification: queue.put, requestMatter: queue.put, requestChannel: queue.put },
      requestSchedule: () => Promise.reject(new Error('There is no schedule.')),
      requestOperationRun: () => Promise.reject(new Error('There is no report.')),
      complete: () => Promise.resolve(),
    });
    const findings = faults.inject('findings', watching.findings);
    const deps: NotificationDeps & WatchNotificationsDeps = {
      ...{
        findings,
        queues,
        telemetry: reporting.telemetry,
        now: clock.now,
        random: () => 0.5,
        meter: () => undefined,
      },
      channels: faults.inject('channels', channels),
      deliveries: faults.inject('deliveries', deliveries),
      tenants: faults.inject('tenants', watching.tenants),
      channelKinds: receivers.kinds,
      senderContext: { ...receivers.context, now: clock.now },
      attachedFiles: { read: () => Promise.resolve(undefined) },
      publicUrl: 'https://audit.example/api',
      ...createFakeReportStores(),
    };
    const index = watching.hostWith(faults, { requestNotification: queue.put });
    return {
      async run(work) {
        if ('landingId' in work) await index(work.landingId);
        else await runNotification(deps, work, clock.startBudget(60_000));
        await queues.complete();
      },
      watch: () => watchNotifications(deps),
      async closeFindings() {
        const decision = { state: 'closed', reason: 'Known.', changedBy: 'key' } as const;
        for (const one of await watching.findings.list(undefined, {}, 10))
          await changeFinding(deps, one, { ...decision, changedDateTime: clock.now() });
      },
    };
  };
  return {
    ...{ clock, queue, hostWith, findings: watching.findings },
    land: async (told: readonly Told[]) => queue.put({ landingId: await watching.land(told) }),
    /** What has arrived. */
    received: () => {
      const { mails, cards, tickets } = receivers.counts();
      return {
        mails: mails - before.mails,
        cards: cards - before.cards,
        tickets: receivers.desk.tickets.slice(before.tickets, tickets),
      };
    },
    /** Messages that are said to be there twice, perhaps. */
    perhapsTwice: () =>
      reporting.of('channels.message.sent').filter((sent) => sent['perhapsTwice'] === true).length,
  };
}

async function addChannels(
  channels: ReturnType<typeof createFakeChannelStore>,
  { settings }: Receivers,
): Promise<void> {
  for (const [at, kind] of (['azureMail', 'teams', 'haloPsa'] as const).entries())
    await channels.create({
      ...{ channelId: `0000000${at}-0000-4000-8000-000000000000`, kind, displayName: kind },
      ...{ settings: settings[kind], tenants: '*', topics: ['findings'], minimumSeverity: 'low' },
      ...{ floodLimit: 20, paused: false, recent: [], refusals: 0, createdBy: 'key', createdDateTime: now },
    });
}
