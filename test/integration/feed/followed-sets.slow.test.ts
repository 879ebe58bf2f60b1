/** Everything that can follow many tenants, over the deployed app, whatever becomes of the tenants and its hosts. */
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { differences } from '../../chaos/invariants/invariant.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { sized } from '../../support/sizes.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { createCustomers, inventCustomers, type Customer, type Customers } from './customers.ts';
import { goldTag } from './due-records.ts';
import { startFollowers, type Followers } from './followers.ts';
import { createInbox } from './inbox.ts';

/** The smaller size still has several of each group, and all that happens. */
const count = sized(36, 300);
/** A kill always comes in the middle of what the flows read. */
const top = sized(10, 100);
const limitMs = 500_000;
const patience = { timeout: 240_000, interval: 50 };
const receiverName = 'followed.fabrikam.example';

/** What becomes of them. */
const groups = ['stays', 'isGold', 'becomesGold', 'wasGold', 'isRemoved', 'isPurged', 'joins'] as const;
type Group = (typeof groups)[number];
const all = inventCustomers(count);
const inGroups = (...wanted: readonly Group[]) =>
  all.filter((_, at) => wanted.some((group) => groups[at % groups.length] === group));

const inbox = createInbox();
let receiver: WebhookReceiver;
let app: DeployedApp;
let customers: Customers;
let followers: Followers;

const env = {
  // Every tenant is due after a few minutes, also where nothing happens.
  AUDITKEEP_POLL_CEILING_MINUTES: '5',
  AUDITKEEP_POLL_TENANT_CONCURRENCY: '16',
  AUDITKEEP_PURGE_DELAY_HOURS: '0',
};

beforeAll(async () => {
  receiver = await startWebhookReceiver((request, body, response) => {
    response.writeHead(inbox.take(request.headers, body)).end();
  }, receiverName);
  app = await startDeployedApp({ startMs: 0, receiving: { receiver, name: receiverName }, env });
  customers = createCustomers(app);
  await each(inGroups('isGold', 'wasGold'), (one) => customers.register(one, [goldTag]));
  await each(inGroups('stays', 'becomesGold', 'isRemoved', 'isPurged'), (one) => customers.register(one, []));
  followers = await startFollowers(app, { top, inbox, targetUrl: `https://${receiverName}/hook?sig=1` });
}, limitMs);

afterAll(async () => {
  await followers.stop();
  await app.stop();
  await receiver.stop();
});

async function each(some: readonly Customer[], act: (one: Customer) => Promise<void>): Promise<void> {
  await pMap(some, act, { concurrency: 8 });
}

/** Ends the host when the first records of what is published have arrived, and starts another one. */
async function publishAndKill(
  some: readonly Customer[],
  { timer = 'poll-activity-feed', ...when }: { readonly timer?: string; readonly lateMs?: number } = {},
): Promise<void> {
  const [flow] = followers.each;
  const before = flow?.ids().length ?? 0;
  customers.publish(some, when);
  await app.run(timer);
  await vi.waitFor(() => {
    expect(flow?.ids().length).toBeGreaterThan(before);
  }, patience);
  await app.halt('kill');
  expect(flow?.ids().length).toBeLessThan(customers.due.of('*').length);
  await app.start();
}

interface Passing {
  readonly timers: readonly string[];
  readonly stepMs: number;
}

/** Each step is longer than a killed host keeps others from a tenant. */
const usually: Passing = { timers: ['poll-activity-feed'], stepMs: 11 * minuteMs };
const reconciling: Passing = { ...usually, timers: ['reconcile-activity-feed'] };
/** Each step is longer than an operation rests before its message is sent again: purges wait until all work has ended. */
const removing: Passing = { timers: [...usually.timers, 'monitor-operations'], stepMs: 125 * minuteMs };
/** So many in which nothing more arrives. */
const patientSteps = 8;

/** Time passes, and what it started has ended. */
async function pass({ timers, stepMs }: Passing): Promise<void> {
  app.clock.advance(stepMs);
  for (const timer of timers) await app.run(timer);
  await vi.waitFor(async () => {
    expect(await app.isWorking()).toBe(false);
  }, patience);
  await followers.caughtUp();
}

const problems = () =>
  followers.each.flatMap(({ name, followed, ids }) =>
    differences(customers.due.of(followed), ids(), (id) => `${name}, ${customers.nameOf(id)}`),
  );

/** Each follower has what is due, and has passed everything that is not for it. */
async function settle(
  passing = usually,
  waiting: () => Promise<readonly string[]> = () => Promise.resolve([]),
) {
  for (let [steps, left] = [0, Infinity]; steps < patientSteps && left > 0; steps++) {
    await pass(passing);
    const now = problems().length + (await waiting()).length;
    if (now < left) steps = 0;
    left = now;
  }
  await followers.caughtUp();
  expect([...problems(), ...(await waiting())]).toEqual([]);
  expect(inbox.bad).toEqual([]);
}

async function notGone(): Promise<readonly string[]> {
  const stored = await customers.stored();
  const left = inGroups('isRemoved', 'isPurged').filter(({ tenantId }) => stored.has(tenantId));
  return left.map(({ displayName }) => `still there: ${displayName}`);
}

describe(`followers of sets of ${count} tenants`, { timeout: limitMs }, () => {
  it('get each record once, however late it is, and whenever hosts are killed', async () => {
    const registered = inGroups('stays', 'isGold', 'becomesGold', 'wasGold', 'isRemoved', 'isPurged');
    await publishAndKill(registered);
    await publishAndKill(registered);
    await settle();
    await publishAndKill(registered, { timer: 'reconcile-activity-feed', lateMs: 2 * dayMs });
    await settle(reconciling);
  });

  it('get what is in their sets while tenants are registered, tagged, untagged, removed, and purged', async () => {
    await Promise.all([
      publishAndKill(inGroups('stays', 'isGold')),
      each(inGroups('joins'), (one) => customers.register(one, [])),
      each(inGroups('becomesGold'), (one) => customers.tag(one, [goldTag])),
      each(inGroups('wasGold'), (one) => customers.tag(one, [])),
      each(inGroups('isRemoved'), (one) => customers.remove(one, { purge: false })),
      each(inGroups('isPurged'), (one) => customers.remove(one, { purge: true })),
    ]);
    await settle(removing, notGone);
    await each(inGroups('isRemoved'), customers.landLate);
    await publishAndKill(inGroups('stays', 'isGold', 'becomesGold', 'wasGold', 'joins'));
    await settle();
  });

  it('get what is new of tenants that are registered again, and everything of those that were purged', async () => {
    await Promise.all([
      publishAndKill(inGroups('stays', 'becomesGold', 'joins')),
      each(inGroups('isRemoved', 'isPurged'), (one) => customers.register(one, [goldTag])),
    ]);
    await settle();
    await publishAndKill(all);
    await settle();
    await pass(usually);
    expect(problems()).toEqual([]);
    const choices = [...(await followers.card.choicesOf('Tenants')).keys()];
    expect(choices).toEqual(['All tenants', 'Tag: gold', ...all.map(({ displayName }) => displayName)]);
  });
});
