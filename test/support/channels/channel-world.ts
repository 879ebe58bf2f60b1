/** Channels over fakes: receivers whose answers a test chooses, a queue, and a clock. */
import * as z from 'zod';
import type { Channel } from '../../../shared/channels/channel.ts';
import { bindChannelKind, type OutgoingMessage, type SendOutcome } from '../../../shared/channels/kind.ts';
import type { Message } from '../../../shared/channels/message.ts';
import { routeMessage } from '../../../shared/channels/route-message.ts';
import { runChannel } from '../../../shared/channels/run-channel.ts';
import type { RunChannelDeps } from '../../../shared/channels/sending.ts';
import type { RouteMessageDeps } from '../../../shared/channels/route-message.ts';
import { runSchedule, type RunScheduleDeps } from '../../../shared/reports/schedules/run-schedule.ts';
import { createClock } from '../clock.ts';
import {
  createFakeChannelQueue,
  createFakeChannelStore,
  createFakeDeliveryStore,
} from '../fakes/channels.ts';
import { createFakeReportStores } from '../fakes/schedules.ts';
import { createFakeTenantStore } from '../fakes/tenant-store.ts';
import { senderContext } from '../destinations/sender-context.ts';
import { adatumId, fabrikamId, tenantNamed } from '../tenants.ts';

/** Settings say whether the receiver knows what it has; what follows matters knows. */
const settings = z.strictObject({});

export interface Received {
  readonly channelId: string;
  readonly outgoing: OutgoingMessage;
}

type Deps = RunChannelDeps & RouteMessageDeps & RunScheduleDeps;
/** A host: some of its ports are replaced. */
export type Host = Partial<Deps>;

export function createChannelWorld() {
  const clock = createClock();
  let added = 0;
  const received: Received[] = [];
  let answer: (outgoing: OutgoingMessage) => SendOutcome | Promise<SendOutcome> = () => ({ outcome: 'sent' });
  const deliver = async (tells: boolean, outgoing: OutgoingMessage, channelId: string) => {
    const outcome = await answer(outgoing);
    const has = received.some(({ outgoing: { id } }) => id === outgoing.id);
    if (outcome.outcome === 'sent' && !(tells && has)) received.push({ channelId, outgoing });
    return outcome.outcome === 'sent' && tells ? { ...outcome, repeated: has } : outcome;
  };
  const kindNamed = (name: string, tellsRepeats: boolean, followsMatters: boolean) =>
    [
      name,
      bindChannelKind({ name, title: name, settings, tellsRepeats, followsMatters }, () => ({
        send: (outgoing) => deliver(tellsRepeats, outgoing, name),
        close: () => Promise.resolve(),
      })),
    ] as const;
  const queues = createFakeChannelQueue(clock.now);
  const events: { readonly name: string; readonly properties: object }[] = [];
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId, tags: ['gold'] }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  const deps = {
    channels: createFakeChannelStore(),
    channelKinds: new Map([
      kindNamed('mail', true, false),
      kindNamed('card', false, false),
      kindNamed('ticket', true, true),
    ]),
    deliveries: createFakeDeliveryStore(),
    tenants,
    senderContext: senderContext({ now: clock.now }),
    queues: { ...queues, requestOperationRun: () => Promise.resolve() },
    ...createFakeReportStores(),
    attachedFiles: { read: () => Promise.resolve(undefined) },
    telemetry: (name: string, properties: object) => void events.push({ name, properties }),
    now: clock.now,
    random: () => 0.5,
    publicUrl: 'https://audit.example/api',
  } satisfies Deps;
  const handle = async (host: Host): Promise<void> => {
    const message = queues.take();
    if (message === undefined) return;
    const on = { ...deps, ...host };
    const work = () => {
      if ('matter' in message) return routeMessage(on, message.matter);
      if ('scheduleId' in message) return runSchedule(on, message);
      return runChannel(on, message, clock.startBudget(60_000));
    };
    // A host that ended: its message is redelivered to another one.
    await work().catch(() => queues.put(message, 30_000));
  };
  const drain = async (hostOf: () => Host = () => ({})) => {
    while ((queues.waiting[0]?.at ?? new Date(8e15)) <= clock.now()) await handle(hostOf());
  };
  return {
    ...{ clock, tenants, deps, queues, received, events, drain, handle },
    answerWith: (next: typeof answer) => {
      answer = next;
    },
    addChannel: async (kind: string, more: Partial<Channel> = {}): Promise<string> => {
      added += 1;
      const channelId = `${String(added).padStart(8, '0')}-0000-4000-8000-000000000000`;
      await deps.channels.create({
        ...{ channelId, kind, displayName: kind, settings: {}, tenants: '*', topics: ['findings', 'gaps'] },
        ...{ minimumSeverity: 'low', floodLimit: 20, paused: false, recent: [], refusals: 0 },
        ...{ createdBy: 'key', createdDateTime: clock.now() },
        ...more,
      });
      return channelId;
    },
    publish: async (message: Message) => {
      await queues.requestMatter({ version: 1, matter: message });
    },
    /** Advances the clock until no queue message is left, or for so many minutes. */
    settle: async (hostOf?: () => Host, minutes?: number) => {
      const end = clock.now().getTime() + (minutes ?? 7 * 24 * 60) * 60_000;
      await drain(hostOf);
      for (let next = queues.waiting[0]; next !== undefined; next = queues.waiting[0]) {
        if (next.at.getTime() > end) break;
        clock.set(next.at);
        await drain(hostOf);
      }
      if (minutes !== undefined) clock.set(new Date(end));
    },
    /** Titles that arrived there, in order. */
    at: (kind: string) =>
      received.filter(({ channelId }) => channelId === kind).map(({ outgoing }) => outgoing.message.title),
  };
}

export type ChannelWorld = ReturnType<typeof createChannelWorld>;
