/** One flow for all customers, built from the connector's definition, while customers come, go, and get tags. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createKey } from '../../../scripts/key/create-key.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { minuteMs } from '../../support/clock.ts';
import { guidOf, textOf } from '../../support/feed-world.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { openCard, type Card } from './simulated-maker.ts';
import { startPollingFlow, type SimulatedFlow } from './simulated-flow.ts';

const patience = { timeout: 60_000, interval: 250 };
const [fabrikam, adatum, contoso] = [randomUUID(), randomUUID(), randomUUID()];
const flows: SimulatedFlow[] = [];
let app: DeployedApp;
let connection: Readonly<Record<string, string>>;
let card: Card;

beforeAll(async () => {
  app = await startDeployedApp({ startMs: 0 });
  const storage = { kind: 'connectionString', connectionString: app.connectionString } as const;
  const key = await createKey({ storage, name: 'Flow', tenants: '*', scopes: ['records.read'] });
  connection = { 'x-api-key': key };
  await register(fabrikam, 'Fabrikam', ['gold']);
  await register(adatum, 'Adatum');
  const { origin } = new URL((await app.ask('health')).url);
  card = await openCard(origin, connection, 'When records arrive in any tenant');
}, 180_000);

afterAll(async () => {
  await Promise.allSettled(flows.map((flow) => flow.stop()));
  await app.stop();
});

async function register(tenantId: string, displayName: string, tags: readonly string[] = []): Promise<void> {
  const domain = `${displayName.toLowerCase()}.example`;
  app.simulator.addTenant({
    ...{ tenantId, displayName, domain, auditingEnabled: true, records: [] },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  const body = JSON.stringify({ tenantId, displayName, tags });
  expect(await (await app.ask('tenants', { method: 'POST', body })).json()).toMatchObject({
    state: 'Active',
  });
}

async function tag(tenantId: string, tags: readonly string[]): Promise<void> {
  const init = { method: 'PATCH', body: JSON.stringify({ tags }) };
  expect((await app.ask(`tenants/${tenantId}`, init)).status).toBe(200);
}

async function remove(tenantId: string): Promise<void> {
  const removal = await app.ask(`tenants/${tenantId}`, { method: 'DELETE' });
  await vi.waitFor(async () => {
    app.clock.advance(minuteMs);
    const status = await app.ask(removal.headers.get('operation-location') ?? '');
    expect(await status.json()).toMatchObject({ status: 'Succeeded' });
  }, patience);
}

/** Every flow has read what was there when this was called. */
async function caughtUp(): Promise<void> {
  for (const flow of flows) {
    const before = flow.polls();
    await vi.waitFor(() => {
      expect(flow.polls()).toBeGreaterThan(before + 1);
    }, patience);
  }
}

/** A record of this name is collected, and read by the first flow. */
async function collect(tenantId: string, name: string): Promise<void> {
  app.simulator.addContent(tenantId, {
    ...{ kind: 'records', contentType: 'Audit.SharePoint', texts: [textOf({ id: guidOf(name) })] },
    contentCreated: new Date(app.clock.now() - 10_000).toISOString(),
  });
  const storage = { kind: 'connectionString', connectionString: app.connectionString } as const;
  const queues = createWorkQueues(storage);
  await vi.waitFor(async () => {
    // One poll at a time, and not more often than is due.
    app.clock.advance(minuteMs);
    await queues.requestPoll({ version: 1, tenantId, reason: 'handedOver' });
    expect(flows[0]?.seen).toContain(guidOf(name));
  }, patience);
  await caughtUp();
}

it('is offered all tenants, tags, and tenants by name', async () => {
  expect([...(await card.choicesOf('Tenants'))]).toEqual([
    ['All tenants', '*'],
    ['Tag: gold', 'tag:gold'],
    ['Adatum', adatum],
    ['Fabrikam', fabrikam],
  ]);
});

it('follows each customer from its next record on, and leaves out those that lost their tag or were removed', async () => {
  const gold = (await card.choicesOf('Tenants')).get('Tag: gold') ?? '';
  for (const address of [card.addressWith(), card.addressWith({ Tenants: gold })])
    flows.push(await startPollingFlow(address, connection, { keepsKey: true }));
  await collect(fabrikam, 'a');
  await collect(adatum, 'b');
  await register(contoso, 'Contoso');
  await collect(contoso, 'c');
  await tag(adatum, ['gold']);
  await collect(adatum, 'd');
  await tag(fabrikam, []);
  await collect(fabrikam, 'e');
  await tag(contoso, ['gold']);
  await remove(contoso);
  await collect(adatum, 'f');
  const [all, tagged] = flows;
  expect(all?.seen).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map(guidOf));
  expect(tagged?.seen).toEqual(['a', 'd', 'f'].map(guidOf));
  expect([...(await card.choicesOf('Tenants')).keys()]).toEqual([
    ...['All tenants', 'Tag: gold', 'Adatum', 'Fabrikam'],
  ]);
}, 180_000);
