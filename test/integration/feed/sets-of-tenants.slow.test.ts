/** Three ways to follow several tenants over the whole app as it is deployed, while its host is killed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createKey } from '../../../scripts/key/create-key.ts';
import { createAccessLog } from '../../../shared/adapters/tables/access-log.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { startFlowHost, type FlowHost } from './flow-host.ts';
import { createInbox } from './inbox.ts';
import { send, startPollingFlow, type SimulatedFlow } from './simulated-flow.ts';

const patience = { timeout: 100_000, interval: 100 };
const receiverName = 'sets.fabrikam.example';
const made = z.looseObject({ secret: z.string() });
const tags = ['gold'];
const notYet = { nextPollAt: new Date(Date.now() + 24 * 60 * 60_000), quietPolls: 0 };
const members = ['Fabrikam', 'Adatum'].map((name) => tenantNamed(name, { tags, poll: notYet }));
const [stranger, joining] = ['Stranger', 'Joining'].map((name) => tenantNamed(name, { poll: notYet }));
const rounds = 6;

const inbox = createInbox();
let receiver: WebhookReceiver;
let host: FlowHost;
let flows: readonly SimulatedFlow[] = [];
let tenants: ReturnType<typeof createTenantStore>;
let land: (name: string, tenantId: string) => Promise<void>;

beforeAll(async () => {
  receiver = await startWebhookReceiver((request, body, response) => {
    response.writeHead(inbox.take(request.headers, body)).end();
  }, receiverName);
  host = await startFlowHost({ receiver, name: receiverName });
  const storage = { kind: 'connectionString', connectionString: host.connectionString } as const;
  const [raw, queues] = [createRawStore(storage), createWorkQueues(storage)];
  tenants = createTenantStore(createTables(storage));
  for (const tenant of [...members, stranger, joining])
    if (tenant !== undefined) await tenants.create(tenant);
  land = async (name, tenantId) => {
    const { request, body, metadata } = rawBlobOf(tenantId, [textOf({ id: guidOf(name) })], new Date());
    await raw.put(request.blobName, body, metadata);
    await queues.requestIndexing(request);
  };
  const key = await createKey({ storage, name: 'Flow', tenants: 'tag:gold', scopes: ['records.read'] });
  const headers = { 'x-api-key': key, 'if-none-match': '*' };
  const root = `http://127.0.0.1:${host.port}/api`;
  const save = await fetch(`${root}/searches/all`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ filters: {}, tenants: ['*'] }),
  });
  expect(save.status).toBe(201);
  const connection = { 'x-api-key': key };
  flows = [
    await startPollingFlow(`${root}/records-feed?top=2`, connection, { keepsKey: true }),
    await startPollingFlow(`${root}/records-feed?tenants=tag:gold`, connection, { keepsKey: false }),
    await startPollingFlow(`${root}/searches/all/feed`, connection, { keepsKey: false }),
  ];
  const subscribed = await send(`${root}/subscriptions`, {
    ...{ method: 'POST', headers: { ...connection, 'idempotency-key': randomUUID() } },
    body: { targetUrl: `https://${receiverName}/hook?sig=1`, search: 'all' },
  });
  inbox.trust(made.parse(JSON.parse(subscribed.text)).secret);
});

afterAll(async () => {
  await Promise.allSettled(flows.map((flow) => flow.stop()));
  await host.stop();
  await receiver.stop();
});

it(
  'each bring every record of the tenants in the set once, and none of others',
  { timeout: 200_000 },
  async () => {
    const expected: string[] = [];
    const arrive = async (count: number) => {
      await vi.waitFor(() => {
        expect([...flows.map(({ seen }) => seen.length), inbox.ids().length]).toEqual(Array(4).fill(count));
      }, patience);
    };
    const round = async (number: number, all: readonly { readonly tenantId: string }[]) => {
      for (const { tenantId } of all) {
        await land(`${number} ${tenantId}`, tenantId);
        expected.push(guidOf(`${number} ${tenantId}`));
      }
      await land(`stranger ${number}`, stranger?.tenantId ?? '');
      if (number === rounds / 2) await host.restart();
    };
    for (let number = 1; number <= rounds; number++) await round(number, members);
    await arrive(expected.length);
    await tenants.update(joining?.tenantId ?? '', { tags });
    await round(rounds + 1, joining === undefined ? members : [...members, joining]);
    await arrive(expected.length);
    for (const ids of [...flows.map(({ seen }) => seen), inbox.ids()])
      expect([...ids].sort()).toEqual([...expected].sort());
    expect(inbox.bad).toEqual([]);
    expect(await readIn('poll-records-of-tenants')).toEqual(
      [...members, joining].map((tenant) => tenant?.tenantId ?? '').sort(),
    );
  },
);

/** The tenants that the access log names in calls of a function. */
async function readIn(action: string): Promise<readonly string[]> {
  const log = createAccessLog(
    createTables({ kind: 'connectionString', connectionString: host.connectionString }),
  );
  const query = { from: new Date(Date.now() - 60 * 60_000), to: new Date(), onlyInsiders: false, top: 500 };
  const found = new Set<string>();
  let page = await log.list(query);
  for (;;) {
    for (const entry of page.entries)
      if (entry.action === action && entry.tenantId !== undefined) found.add(entry.tenantId);
    if (page.next === undefined) return [...found].sort();
    page = await log.list({ ...query, after: page.next });
  }
}
