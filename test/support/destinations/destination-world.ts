/** Destinations over fakes: a receiver whose answers a test chooses, and a queue with a clock. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Destination } from '../../../shared/destinations/destination.ts';
import { bindKind, type DestinationSender, type SendResult } from '../../../shared/destinations/kind.ts';
import { createDestinationNotifier } from '../../../shared/destinations/notify.ts';
import type { OutgoingBatch } from '../../../shared/destinations/outgoing.ts';
import {
  runDestinationMessage,
  type DestinationMessageDeps,
} from '../../../shared/destinations/run-message.ts';
import { createFakeSearchStore } from '../fakes/search-store.ts';
import { createFakeTenantStore } from '../fakes/tenant-store.ts';
import {
  createFakeCursorStore,
  createFakeDeadLetterStore,
  createFakeDestinationQueue,
  createFakeDestinationStore,
} from '../fakes/destinations.ts';
import { createFeedWorld, type InventedRecord } from '../feed-world.ts';
import { fabrikamId, tenantNamed } from '../tenants.ts';

const settingsSchema = z.strictObject({
  records: z.int().default(10),
  bytes: z.int().default(1_000_000),
  waitMs: z.int().default(0),
});

/** What a receiver answers, and whether it keeps the records. */
export interface ReceiverAnswer {
  readonly result: SendResult;
  /** How many of the first records it keeps; by default all that the result says it has. */
  readonly keeps?: number;
  /** What happens while it answers. */
  readonly meanwhile?: () => Promise<void>;
}

export const accepted: ReceiverAnswer = { result: { outcome: 'accepted' } };

export interface ReceivedRecord {
  readonly tenantId: string;
  readonly id: string;
}

/** @param tenantIds of tenants in addition to Fabrikam */
export function createDestinationWorld(tenantIds: readonly string[] = []) {
  const world = createFeedWorld('timed');
  const { clock } = world;
  const received: ReceivedRecord[] = [];
  const batches: OutgoingBatch[] = [];
  let answer: (batch: OutgoingBatch) => ReceiverAnswer = () => accepted;
  const open = (): DestinationSender => ({
    async send(batch) {
      batches.push(batch);
      const { result, keeps, meanwhile } = answer(batch);
      await meanwhile?.();
      const rejects = result.outcome === 'accepted' ? (result.rejects ?? []) : [];
      const kept = keeps ?? (result.outcome === 'accepted' ? batch.records.length : 0);
      const refused = new Set(rejects.map(({ index }) => index));
      const records = batch.records.slice(0, kept).filter((_, at) => !refused.has(at));
      received.push(...records.map(({ record: { tenantId, id } }) => ({ tenantId, id })));
      return result;
    },
    test: async () => await Promise.resolve([]),
    close: async () => {
      await Promise.resolve();
    },
  });
  const kind = bindKind(
    {
      name: 'test',
      title: 'Test',
      keepsDuplicates: true,
      settings: settingsSchema,
      limits: (limits) => limits,
      encode: ({ text }) => text,
    },
    open,
  );
  const queues = createFakeDestinationQueue(clock.now);
  const noSecrets = () => Promise.reject(new Error('There are no secrets.'));
  const all = [fabrikamId, ...tenantIds];
  const tenants = createFakeTenantStore(all.map((tenantId, at) => tenantNamed(`Tenant ${at}`, { tenantId })));
  const deps = {
    ...{ ...world.deps, queues, tenants, random: () => 0.5 },
    destinations: createFakeDestinationStore(),
    cursors: createFakeCursorStore(),
    deadLetters: createFakeDeadLetterStore(),
    searches: createFakeSearchStore(),
    destinationKinds: new Map([['test', kind]]),
    senderContext: {
      secret: noSecrets,
      token: noSecrets,
      isAllowed: () => false,
      now: clock.now,
    },
  };
  const destinationId = randomUUID();
  const notify = createDestinationNotifier({ ...deps, elapsed: () => clock.now().getTime() });
  return {
    ...{ ...world, deps, queues, received, batches, destinationId },
    answerWith: (next: typeof answer) => {
      answer = next;
    },
    addDestination: (more: Partial<Destination> = {}) =>
      deps.destinations.create({
        ...{ destinationId, displayName: 'SIEM', kind: 'test', settings: {}, tenants: '*', filters: {} },
        ...{ paused: false, createdBy: 'key', createdDateTime: clock.now(), since: clock.now() },
        ...more,
      }),
    destination: async () => await deps.destinations.get(destinationId),
    cursor: async (of = fabrikamId) => await deps.cursors.get(of, destinationId),
    letters: async () => await deps.deadLetters.list(destinationId, 1000),
    /** Lands, indexes, and notifies. */
    publish: async (records: readonly InventedRecord[], of = fabrikamId) => {
      await world.ingest(records, of);
      await notify(of);
    },
    /** Handles the next message that is visible. */
    handleNext: async (host: Partial<DestinationMessageDeps> = {}) => {
      const message = queues.take();
      if (message !== undefined)
        await runDestinationMessage({ ...deps, ...host }, message, clock.startBudget(60_000));
    },
    /** Handles visible messages; one that fails is redelivered, by another host. */
    drain: async (hostOf: () => Partial<DestinationMessageDeps> = () => ({})) => {
      for (let message = queues.take(); message !== undefined; message = queues.take()) {
        const taken = message;
        const budget = clock.startBudget(60_000);
        await runDestinationMessage({ ...deps, ...hostOf() }, taken, budget).catch(async () => {
          await queues.requestSending(taken, 30_000);
        });
      }
    },
  };
}

export type DestinationWorld = ReturnType<typeof createDestinationWorld>;

/** Advances the clock until no message is left. */
export async function settleAll(
  world: DestinationWorld,
  hostOf?: () => Partial<DestinationMessageDeps>,
): Promise<void> {
  await world.drain(hostOf);
  while (world.queues.waiting.length > 0) {
    world.clock.set(world.queues.waiting[0]?.at ?? world.clock.now());
    await world.drain(hostOf);
  }
}
