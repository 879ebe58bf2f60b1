/** From the raw blob to the index: what each event does to a landing in each state. */
import { createFakeAnnouncer } from '../../support/fakes/arrival-log.ts';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { runIndexRequest, type IndexRequestDeps } from '../../../shared/index/run-index-request.ts';
import type { RawStore } from '../../../shared/landing/raw-store.ts';
import type { IndexRequest } from '../../../shared/landing/work-queues.ts';
import { pollTenant } from '../../../shared/landing/poll-tenant.ts';
import { reconcileTenants } from '../../../shared/landing/reconcile.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFaults, type Fault, type Faults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { forgetTenant } from '../../support/tenants.ts';
import { outcome, testStates, type StateTable } from './state-table.ts';

/**
 * `raw blob only`: the host was killed before it wrote the landing's row. `recorded`: it was killed after that, before it
 * sent the message. `poison`: the message failed five times. `given up`: an operator gave that message up.
 */
type State = 'raw blob only' | 'recorded' | 'landed' | 'poison' | 'given up' | 'indexed';

type Cause = (world: World) => Promise<unknown>;
type World = ReturnType<typeof createLandingWorld>;

const causes = {
  'its message is delivered, or resent from the poison queue': (world) => world.deliver(),
  'its message is delivered twice': async (world) => {
    world.copyMessage();
    await world.deliver();
    await world.deliver();
  },
  'two hosts index it at the same time': async (world) => {
    world.copyMessage();
    await Promise.all([world.deliver(), world.deliver()]);
  },
  'the host is killed while it writes rows': (world) => world.deliver(dyingAt('index.writeRows')),
  'the host is killed before it marks it as indexed': (world) => world.deliver(dyingAt('landings.close')),
  'storage fails five times': async (world) => {
    const broken = createFaults((step) => (step === 'raw.read' ? new Error('Storage is down.') : undefined));
    for (let time = 0; time < 5; time++) await world.deliver(broken);
  },
  'its raw blob is missing five times': async (world) => {
    world.loseRawBlobs();
    for (let time = 0; time < 5; time++) await world.deliver();
  },
  'its raw blob is altered, and its message is delivered five times': async (world) => {
    world.alterRawBlobs();
    for (let time = 0; time < 5; time++) await world.deliver();
  },
  'the daily reconciliation runs within an hour': async (world) => {
    world.clock.advance(30 * minuteMs);
    await world.reconcile();
  },
  'the daily reconciliation runs later': async (world) => {
    world.clock.advance(2 * hourMs);
    await world.reconcile();
  },
  'its tenant is removed without its data': async (world) => {
    await world.removeTenant();
    await world.deliver();
  },
  'its tenant is removed with its data': async (world) => {
    await world.removeTenant();
    world.purge();
    await world.deliver();
  },
} satisfies Readonly<Record<string, Cause>>;
type Event = keyof typeof causes;

const queued: Readonly<Record<Event, string>> = {
  'its message is delivered, or resent from the poison queue': 'indexed; subscriptions are notified',
  'its message is delivered twice': 'indexed; subscriptions are notified twice',
  'two hosts index it at the same time': 'indexed; subscriptions are notified twice',
  'the host is killed while it writes rows': 'no change; its message is still queued',
  'the host is killed before it marks it as indexed': 'no change; its message is still queued',
  'storage fails five times': 'poison',
  'its raw blob is missing five times': 'poison',
  'its raw blob is altered, and its message is delivered five times': 'poison',
  'the daily reconciliation runs within an hour': 'no change; its message is still queued',
  'the daily reconciliation runs later': 'no change; its message is still queued',
  'its tenant is removed without its data': 'indexed; subscriptions are notified',
  'its tenant is removed with its data': 'deleted; its message is dropped',
};

const cells: StateTable<State, Event> = {
  'raw blob only': {
    'its message is delivered, or resent from the poison queue': 'no change',
    'its message is delivered twice': 'no change',
    'two hosts index it at the same time': 'no change',
    'the host is killed while it writes rows': 'no change',
    'the host is killed before it marks it as indexed': 'no change',
    'storage fails five times': 'no change',
    'its raw blob is missing five times': 'no change',
    'its raw blob is altered, and its message is delivered five times': 'no change',
    'the daily reconciliation runs within an hour': 'no change',
    'the daily reconciliation runs later': 'no change',
    'its tenant is removed without its data': 'no change',
    'its tenant is removed with its data': 'deleted',
  },
  recorded: {
    'its message is delivered, or resent from the poison queue': 'no change',
    'its message is delivered twice': 'no change',
    'two hosts index it at the same time': 'no change',
    'the host is killed while it writes rows': 'no change',
    'the host is killed before it marks it as indexed': 'no change',
    'storage fails five times': 'no change',
    'its raw blob is missing five times': 'no change',
    'its raw blob is altered, and its message is delivered five times': 'no change',
    'the daily reconciliation runs within an hour': 'no change',
    'the daily reconciliation runs later': 'landed; its message is sent again',
    'its tenant is removed without its data': 'no change',
    'its tenant is removed with its data': 'deleted',
  },
  landed: { ...queued, 'the daily reconciliation runs later': 'no change; its message is sent again' },
  poison: {
    ...queued,
    'the host is killed while it writes rows': 'landed; its message is still queued',
    'the host is killed before it marks it as indexed': 'landed; its message is still queued',
    'storage fails five times': 'no change',
    'its raw blob is missing five times': 'no change',
    'its raw blob is altered, and its message is delivered five times': 'no change',
    'the daily reconciliation runs within an hour': 'no change',
    'the daily reconciliation runs later': 'landed; its message is sent again',
  },
  'given up': {
    'its message is delivered, or resent from the poison queue': 'no change',
    'its message is delivered twice': 'indexed; subscriptions are notified',
    'two hosts index it at the same time': 'indexed; subscriptions are notified',
    'the host is killed while it writes rows': 'no change',
    'the host is killed before it marks it as indexed': 'no change',
    'storage fails five times': 'no change',
    'its raw blob is missing five times': 'no change',
    'its raw blob is altered, and its message is delivered five times': 'no change',
    'the daily reconciliation runs within an hour': 'no change',
    'the daily reconciliation runs later': 'no change',
    'its tenant is removed without its data': 'no change',
    'its tenant is removed with its data': 'deleted',
  },
  indexed: {
    'its message is delivered, or resent from the poison queue': 'no change; subscriptions are notified',
    'its message is delivered twice': 'no change; subscriptions are notified twice',
    'two hosts index it at the same time': 'no change; subscriptions are notified twice',
    'the host is killed while it writes rows': 'no change; its message is still queued',
    'the host is killed before it marks it as indexed': 'no change; its message is still queued',
    'storage fails five times': 'no change; its message is poison',
    'its raw blob is missing five times': 'no change; subscriptions are notified; its message is dropped',
    'its raw blob is altered, and its message is delivered five times': 'no change; its message is poison',
    'the daily reconciliation runs within an hour': 'no change; its message is still queued',
    'the daily reconciliation runs later': 'no change; its message is still queued',
    'its tenant is removed without its data': 'no change; subscriptions are notified',
    'its tenant is removed with its data': 'deleted; its message is dropped',
  },
};

/** Brings a new landing into each state. */
const arrive: Readonly<Record<State, Cause>> = {
  'raw blob only': (world) => world.poll(dyingAt('landings.open')),
  recorded: (world) => world.poll(dyingAt('queues.requestIndexing')),
  landed: (world) => world.poll(),
  poison: async (world) => {
    await world.poll();
    await causes['storage fails five times'](world);
  },
  'given up': async (world) => {
    await world.poll();
    await causes['storage fails five times'](world);
    await world.giveUp();
  },
  // The indexer may be faster than the poll that is still to settle the content blobs.
  indexed: async (world) => {
    await world.poll(createFaults(), () => world.deliver());
    world.copyMessage();
  },
};

function dyingAt(wanted: string): Faults {
  return createFaults((step): Fault => (step === wanted ? 'crashBefore' : undefined));
}

const maxDeliveries = 5;

function createLandingWorld() {
  const world = createPollWorld();
  const { tenantId } = world.tenant;
  const tenants = createFakeTenantStore([world.tenant]);
  const { meter } = createRecordingMeter();
  let raw: RawStore = world.raw;
  let landings = world.landings;
  let index = createFakeRecordIndex();
  let notified = 0;
  const messages: { request: IndexRequest; failures: number }[] = [];
  const poison: IndexRequest[] = [];
  const sent: IndexRequest[] = [];
  let afterSending = (): Promise<unknown> => Promise.resolve();
  const queues = {
    ...createFakeWorkQueues(),
    requestIndexing: async (request: IndexRequest) => {
      sent.push(request);
      messages.push({ request, failures: 0 });
      await afterSending();
    },
  };
  const depsOf = (faults: Faults): IndexRequestDeps => ({
    telemetry: world.telemetry.telemetry,
    tenants,
    meter,
    raw: faults.inject('raw', raw),
    landings: faults.inject('landings', landings),
    index: faults.inject('index', index),
    announcer: createFakeAnnouncer(),
    concurrency: 2,
    retention: {},
    now: world.clock.now,
    wake: async () => {
      notified++;
      await Promise.resolve();
    },
  });
  world.publish('one');
  return {
    ...world,
    poll: async (faults = createFaults(), whenSent?: () => Promise<unknown>) => {
      afterSending = whenSent ?? afterSending;
      const deps = { ...world.depsOf(faults), queues: faults.inject('queues', queues) };
      const budget = world.clock.startBudget(hourMs);
      await pollTenant(deps, world.tenant, { budget }).catch(() => undefined);
    },
    /** As the host does: a message that fails is redelivered, and is poison after five times. */
    deliver: async (faults = createFaults()) => {
      const message = messages.shift();
      if (message === undefined) return;
      try {
        await runIndexRequest(depsOf(faults), message.request);
      } catch {
        const failures = message.failures + 1;
        if (failures < maxDeliveries) messages.push({ ...message, failures });
        else poison.push(message.request);
      }
    },
    /** The queue delivers at least once. */
    copyMessage: () => {
      const [request] = sent;
      if (request !== undefined) messages.push({ request, failures: 0 });
    },
    giveUp: async () => {
      poison.length = 0;
      const decision = { at: world.clock.now(), by: 'key-1', reason: 'It is damaged.', holes: [] };
      const { landingId = '' } = landings.all(tenantId)[0] ?? {};
      await landings.giveUp(tenantId, landingId, decision);
    },
    resendPoison: () => {
      for (const request of poison.splice(0)) messages.push({ request, failures: 0 });
    },
    reconcile: () => reconcileTenants({ ...world.depsOf(createFaults()), tenants, queues }),
    removeTenant: () => forgetTenant(tenants, tenantId),
    /** As an operator could: in the blob alone. */
    alterRawBlobs: () => {
      const landed = raw;
      const body = [gzipSync('{"Id":"another"}\n')];
      raw = {
        ...landed,
        read: async (name) => {
          const blob = await landed.read(name);
          return blob && { ...blob, body: Readable.from(body) };
        },
      };
    },
    loseRawBlobs: () => {
      raw = createFakeRawStore();
    },
    purge: () => {
      raw = createFakeRawStore();
      landings = createFakeLandingStore();
      index = createFakeRecordIndex();
    },
    look: async () => {
      const [landing] = landings.all(tenantId);
      const numbers = (await landings.sequenced(tenantId, 0, 100)).length;
      const links = (await landings.links(tenantId, 1, 100)).length;
      const isGone = raw !== world.raw && landings !== world.landings;
      return {
        landing,
        isGone: isGone && landing === undefined && (await index.months(tenantId)).length === 0,
        numbers,
        links,
        notified,
        sent: sent.length,
        messages: messages.length,
        poison: poison.length,
        dropped: world.telemetry.of('index.landing.dropped').length,
      };
    },
  };
}

type Seen = Awaited<ReturnType<World['look']>>;

function stateOf({ landing, isGone, sent, messages, poison }: Seen): State | 'deleted' {
  if (isGone) return 'deleted';
  if (landing?.indexed !== undefined) return 'indexed';
  if (landing?.givenUp !== undefined && messages === 0) return 'given up';
  if (poison > 0 && messages === 0) return 'poison';
  if (landing === undefined) return 'raw blob only';
  return sent > 0 ? 'landed' : 'recorded';
}

async function observe(state: State, event: Event): Promise<string> {
  const world = createLandingWorld();
  await arrive[state](world);
  const before = await world.look();
  if (stateOf(before) !== state) throw new Error(`The landing is ${stateOf(before)}, not ${state}.`);
  if (!event.startsWith('the daily')) world.resendPoison();
  await causes[event](world);
  const after = await world.look();
  const afterState = stateOf(after);
  if (after.numbers !== (afterState === 'indexed' ? 1 : 0))
    throw new Error(`The landing has ${after.numbers} numbers in the feed.`);
  if (after.links !== after.numbers) throw new Error(`The landing has ${after.links} links in the chain.`);
  return outcome(state, afterState, effectsOf(before, after, afterState));
}

function effectsOf(before: Seen, after: Seen, state: State | 'deleted') {
  const notified = after.notified - before.notified;
  const isSent = after.sent > before.sent;
  return [
    notified > 0 && `subscriptions are notified${notified > 1 ? ' twice' : ''}`,
    isSent && 'its message is sent again',
    !isSent && after.messages > 0 && 'its message is still queued',
    state === 'indexed' && after.poison > 0 && 'its message is poison',
    after.dropped > before.dropped && 'its message is dropped',
  ];
}

testStates({ heading: 'Landing', cells, observe });
