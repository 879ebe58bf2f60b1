/** From its creation to its deletion: what each event does to a webhook subscription in each state. */
import { RequestError } from '../../../shared/errors.ts';
import { acquireDeliveryLease } from '../../../shared/webhooks/delivery-lease.ts';
import { rotateSecret, testSubscription } from '../../../shared/webhooks/manage-subscriptions.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { createFaults } from '../../support/faults.ts';
import { fabrikamId, forgetTenant, tenantNamed } from '../../support/tenants.ts';
import { answered, createWebhookWorld, received } from '../../support/webhook-world.ts';
import { outcome, testStates, type StateTable } from './state-table.ts';

/** `delivering`: a host holds its lease. `retrying`: a delivery failed, and the next attempt is not due yet. */
type State = 'idle' | 'delivering' | 'retrying' | 'disabled' | 'deleted';

type World = Awaited<ReturnType<typeof createSubscriptionWorld>>;
type Cause = (world: World) => Promise<unknown>;

const causes = {
  'new records are indexed, and the receiver takes them': (world) => world.publishAndDeliver(200),
  'new records are indexed, and the receiver fails': (world) => world.publishAndDeliver(500),
  'new records are indexed, and the receiver answers 410': (world) => world.publishAndDeliver(410),
  'its message is delivered again': (world) => world.deliverAgain(),
  'two hosts deliver at the same time': async (world) => {
    await world.publish(records());
    await Promise.all([world.drain(), world.drain()]);
  },
  'the host is killed after it sent a delivery': async (world) => {
    await world.publish(records());
    await world.drainKilledAfterSending();
  },
  'its retry or the end of its lease is due, and the receiver takes them': (world) =>
    world.waitAndDeliver(200),
  'its retry or the end of its lease is due, and the receiver fails': (world) => world.waitAndDeliver(500),
  'new records are indexed, and the receiver fails for four days': async (world) => {
    await world.publishAndDeliver(500);
    await world.failFor(4 * dayMs);
  },
  'a test arrives': (world) => world.test(200),
  'a test fails': (world) => world.test(500),
  'its key is revoked': async (world) => {
    await world.revokeKey();
    await world.publishAndWait();
  },
  'its saved search is deleted': async (world) => {
    await world.deleteSearch();
    await world.publishAndWait();
  },
  'its secret is rotated': (world) => world.rotate(),
  'it is deleted': (world) => world.deleteSubscription(),
  'it is deleted while records are sent': async (world) => {
    world.answerWith(() => {
      void world.deleteSubscription();
      return answered(200);
    });
    await world.publishAndWait();
  },
  'its tenant is being removed': async (world) => {
    await world.deps.tenants.update(fabrikamId, { state: 'Removing', removalId: 'r1' });
    await world.publishAndWait();
  },
  'its tenant is removed without its data': async (world) => {
    await forgetTenant(world.deps.tenants, fabrikamId);
    await world.publishAndWait();
  },
  'its tenant is removed without its data, and registered again': async (world) => {
    await forgetTenant(world.deps.tenants, fabrikamId);
    await world.publishAndWait();
    await world.deps.tenants.create(tenantNamed('Fabrikam', { tenantId: fabrikamId }));
    await world.publishAndWait();
  },
  'its tenant is removed with its data': async (world) => {
    await forgetTenant(world.deps.tenants, fabrikamId);
    await world.deleteSubscription();
    await world.publishAndWait();
  },
} satisfies Readonly<Record<string, Cause>>;
type Event = keyof typeof causes;

const cells: StateTable<State, Event> = {
  idle: {
    'new records are indexed, and the receiver takes them': 'no change; 1 record arrives',
    'new records are indexed, and the receiver fails': 'retrying',
    'new records are indexed, and the receiver answers 410': 'disabled; gone',
    'its message is delivered again': 'no change',
    'two hosts deliver at the same time': 'no change; 1 record arrives',
    'the host is killed after it sent a delivery': 'delivering; 1 record arrives',
    'its retry or the end of its lease is due, and the receiver takes them': 'no change',
    'its retry or the end of its lease is due, and the receiver fails': 'no change',
    'new records are indexed, and the receiver fails for four days': 'disabled; failing',
    'a test arrives': 'no change',
    'a test fails': 'no change',
    'its key is revoked': 'disabled; revoked',
    'its saved search is deleted': 'disabled; invalid',
    'its secret is rotated': 'no change; a new secret signs',
    'it is deleted': 'deleted',
    'it is deleted while records are sent': 'deleted; 1 record arrives',
    'its tenant is being removed': 'no change',
    'its tenant is removed without its data': 'no change',
    'its tenant is removed without its data, and registered again': 'no change; 2 records arrive',
    'its tenant is removed with its data': 'deleted',
  },
  delivering: {
    'new records are indexed, and the receiver takes them': 'no change; its host is notified',
    'new records are indexed, and the receiver fails': 'no change; its host is notified',
    'new records are indexed, and the receiver answers 410': 'no change; its host is notified',
    'its message is delivered again': 'no change; its host is notified',
    'two hosts deliver at the same time': 'no change; its host is notified',
    'the host is killed after it sent a delivery': 'no change; its host is notified',
    'its retry or the end of its lease is due, and the receiver takes them': 'idle; 1 record arrives',
    'its retry or the end of its lease is due, and the receiver fails': 'retrying',
    'new records are indexed, and the receiver fails for four days': 'disabled; failing',
    'a test arrives': 'no change',
    'a test fails': 'no change',
    'its key is revoked': 'disabled; revoked',
    'its saved search is deleted': 'disabled; invalid',
    'its secret is rotated': 'no change; a new secret signs',
    'it is deleted': 'deleted',
    'it is deleted while records are sent': 'deleted; 2 records arrive',
    'its tenant is being removed': 'idle',
    'its tenant is removed without its data': 'idle',
    'its tenant is removed without its data, and registered again': 'idle; 3 records arrive',
    'its tenant is removed with its data': 'deleted',
  },
  retrying: {
    'new records are indexed, and the receiver takes them': 'no change',
    'new records are indexed, and the receiver fails': 'no change',
    'new records are indexed, and the receiver answers 410': 'no change',
    'its message is delivered again': 'no change',
    'two hosts deliver at the same time': 'no change',
    'the host is killed after it sent a delivery': 'no change',
    'its retry or the end of its lease is due, and the receiver takes them': 'idle; 1 record arrives',
    'its retry or the end of its lease is due, and the receiver fails': 'no change',
    'new records are indexed, and the receiver fails for four days': 'disabled; failing',
    'a test arrives': 'idle; 1 record arrives',
    'a test fails': 'no change',
    'its key is revoked': 'disabled; revoked',
    'its saved search is deleted': 'disabled; invalid',
    'its secret is rotated': 'no change; a new secret signs',
    'it is deleted': 'deleted',
    'it is deleted while records are sent': 'deleted; 1 record arrives',
    'its tenant is being removed': 'idle',
    'its tenant is removed without its data': 'idle',
    'its tenant is removed without its data, and registered again': 'idle; 3 records arrive',
    'its tenant is removed with its data': 'deleted',
  },
  disabled: {
    'new records are indexed, and the receiver takes them': 'no change',
    'new records are indexed, and the receiver fails': 'no change',
    'new records are indexed, and the receiver answers 410': 'no change',
    'its message is delivered again': 'no change',
    'two hosts deliver at the same time': 'no change',
    'the host is killed after it sent a delivery': 'no change',
    'its retry or the end of its lease is due, and the receiver takes them': 'no change',
    'its retry or the end of its lease is due, and the receiver fails': 'no change',
    'new records are indexed, and the receiver fails for four days': 'no change',
    'a test arrives': 'idle; 1 record arrives',
    'a test fails': 'no change',
    'its key is revoked': 'no change',
    'its saved search is deleted': 'no change',
    'its secret is rotated': 'no change; a new secret signs',
    'it is deleted': 'deleted',
    'it is deleted while records are sent': 'no change',
    'its tenant is being removed': 'no change',
    'its tenant is removed without its data': 'no change',
    'its tenant is removed without its data, and registered again': 'no change',
    'its tenant is removed with its data': 'deleted',
  },
  deleted: {
    'new records are indexed, and the receiver takes them': 'no change',
    'new records are indexed, and the receiver fails': 'no change',
    'new records are indexed, and the receiver answers 410': 'no change',
    'its message is delivered again': 'no change',
    'two hosts deliver at the same time': 'no change',
    'the host is killed after it sent a delivery': 'no change',
    'its retry or the end of its lease is due, and the receiver takes them': 'no change',
    'its retry or the end of its lease is due, and the receiver fails': 'no change',
    'new records are indexed, and the receiver fails for four days': 'no change',
    'a test arrives': 'no change',
    'a test fails': 'no change',
    'its key is revoked': 'no change',
    'its saved search is deleted': 'no change',
    'its secret is rotated': 'no change; refused with SubscriptionNotFound',
    'it is deleted': 'no change',
    'it is deleted while records are sent': 'no change',
    'its tenant is being removed': 'no change',
    'its tenant is removed without its data': 'no change',
    'its tenant is removed without its data, and registered again': 'no change',
    'its tenant is removed with its data': 'no change',
  },
};

/** Brings a new subscription into each state. */
const arrive: Readonly<Record<State, Cause>> = {
  idle: () => Promise.resolve(),
  delivering: async (world) => {
    await world.publish(records());
    const message = world.queues.take();
    if (message === undefined) return;
    await acquireDeliveryLease(world.deps, message);
    // If its host is killed, the queue delivers its message again.
    await world.queues.requestDelivery(message, minuteMs);
  },
  retrying: causes['new records are indexed, and the receiver fails'],
  disabled: causes['new records are indexed, and the receiver answers 410'],
  deleted: causes['it is deleted'],
};

let made = 0;

function records() {
  made++;
  return [{ id: guidOf(`record ${made}`) }];
}

async function createSubscriptionWorld() {
  const world = await createWebhookWorld();
  const { tenantId } = world;
  const search = {
    owner: tenantId,
    name: 'Everything',
    filters: {},
    lastModifiedDateTime: world.clock.now(),
  };
  await world.deps.searches.put(search, { kind: 'absent' });
  const { subscription } = await world.subscribe({ search: 'everything' });
  await world.drain();
  const { subscriptionId } = subscription;
  const stored = await world.subscription();
  const arrived = new Set<string>();
  const refusals: string[] = [];
  const answerWith: typeof world.answerWith = (answer) => {
    world.answerWith((webhook) => {
      const given = answer(webhook);
      const isTaken = given.kind === 'answered' && given.status === 200;
      for (const id of isTaken ? received(webhook).ids : []) arrived.add(id);
      return given;
    });
  };
  answerWith(() => answered(200));
  const request = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      refusals.push(error.code);
    }
  };
  const found = async () => (await world.deps.subscriptions.get(tenantId, subscriptionId)) ?? stored;
  /** Until the next attempt is due, or the lease has run out. */
  const wait = async () => {
    world.clock.advance(10 * minuteMs);
    await world.drain();
  };
  const publishAndDeliver = async (status: number) => {
    answerWith(() => answered(status));
    await world.publish(records());
    await world.drain();
    answerWith(() => answered(200));
  };
  return {
    ...world,
    answerWith,
    arrived,
    refusals,
    publishAndDeliver,
    publishAndWait: async () => {
      await world.publish(records());
      await world.drain();
      await wait();
    },
    deliverAgain: async () => {
      await world.queues.requestDelivery({ version: 1, tenantId, subscriptionId });
      await world.drain();
    },
    drainKilledAfterSending: async () => {
      const faults = createFaults((step) => (step === 'webhookSender.send' ? 'crashAfter' : undefined));
      await world.drain({
        subscriptions: faults.inject('subscriptions', world.deps.subscriptions),
        webhookSender: faults.inject('webhookSender', world.deps.webhookSender),
      });
    },
    waitAndDeliver: async (status: number) => {
      answerWith(() => answered(status));
      await wait();
      answerWith(() => answered(200));
    },
    failFor: async (ms: number) => {
      answerWith(() => answered(500));
      const end = world.clock.now().getTime() + ms;
      while (world.clock.now().getTime() < end) await wait();
    },
    test: async (status: number) => {
      world.answerWith((webhook) => answered(webhook.body.includes('subscription.test') ? status : 200));
      const before = await found();
      await request(() => testSubscription(world.deps, before));
      answerWith(() => answered(200));
      await world.drain();
    },
    revokeKey: async () => {
      const key = await world.keys.get(world.key.id);
      if (key !== undefined) await world.keys.update(key, { revokedDateTime: world.clock.now() });
      // Permissions are cached for a minute.
      world.clock.advance(2 * minuteMs);
    },
    deleteSearch: () => world.deps.searches.remove(tenantId, search.name),
    rotate: async () => {
      const before = await found();
      await request(() => rotateSecret(world.deps, before));
    },
    deleteSubscription: () => world.deps.subscriptions.remove(tenantId, subscriptionId),
    look: async () => {
      const now = await world.deps.subscriptions.get(tenantId, subscriptionId);
      return { now, arrived: arrived.size, at: world.clock.now() };
    },
  };
}

type Seen = Awaited<ReturnType<World['look']>>;

function stateOf({ now, at }: Seen): State {
  if (now === undefined) return 'deleted';
  if (now.disabled !== undefined) return 'disabled';
  if (now.lease !== undefined && now.lease.until > at) return 'delivering';
  return now.nextAttemptAt !== undefined && now.nextAttemptAt > at ? 'retrying' : 'idle';
}

async function observe(state: State, event: Event): Promise<string> {
  const world = await createSubscriptionWorld();
  await arrive[state](world);
  const before = await world.look();
  if (stateOf(before) !== state) throw new Error(`The subscription is ${stateOf(before)}, not ${state}.`);
  await causes[event](world);
  const after = await world.look();
  const [refusal] = world.refusals;
  return outcome(state, stateOf(after), [
    refusal !== undefined && `refused with ${refusal}`,
    ...effectsOf(before, after),
  ]);
}

function effectsOf({ now: before, arrived }: Seen, { now: after, arrived: arrivedAfter }: Seen) {
  if (after === undefined) return [arrival(arrivedAfter - arrived)];
  return [
    after.disabled !== before?.disabled && (after.disabled ?? false),
    after.generation !== before?.generation && 'a new secret signs',
    arrival(arrivedAfter - arrived),
    after.lease?.notified === true && 'its host is notified',
  ];
}

function arrival(count: number): string | false {
  return count > 0 && (count === 1 ? '1 record arrives' : `${count} records arrive`);
}

testStates({ heading: 'Webhook subscription', cells, observe });
