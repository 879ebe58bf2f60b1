/** Flows over the whole app as it is deployed, while its hosts are killed: each record once, none missed. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createKey } from '../../../scripts/key/create-key.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { guidOf, textOf } from '../../support/feed-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { startFaultyGateway, type FaultyGateway } from './faulty-gateway.ts';
import { createInbox } from './inbox.ts';
import {
  followOperation,
  followPages,
  send,
  startPollingFlow,
  type SimulatedFlow,
} from './simulated-flow.ts';

const recordCount = 1000;
const pollCount = 10;
const contentsPerPoll = 4;
const patience = { timeout: 150_000, interval: 100 };
const receiverName = 'flows.fabrikam.example';
/** Content is fetched as soon as it is listed. */
const env = { AUDITKEEP_SETTLE_SECONDS: '1' };
const made = z.looseObject({ id: z.string(), secret: z.string() });
const exported = z.looseObject({ recordCount: z.number(), contentUrl: z.url() });

/** Records of all times in no order; each content blob also brings some of what earlier ones brought. */
function contents(): readonly (readonly string[])[] {
  const texts = Array.from({ length: recordCount }, (_, at) => {
    const day = 2 + ((at * 7) % 8);
    return textOf({ id: guidOf(`record ${at}`), time: `2026-03-0${day}T10:00:00`, operation: `Op${at % 3}` });
  });
  const count = pollCount * contentsPerPoll;
  const share = recordCount / count;
  return Array.from({ length: count }, (_, at) => {
    const own = texts.slice(at * share, (at + 1) * share).reverse();
    const again = texts.slice(0, at * share).filter((_text, index) => index % 9 === at % 9);
    return [...again.slice(-10), ...own, ...own.slice(0, 2)];
  });
}
const allIds = Array.from({ length: recordCount }, (_, at) => guidOf(`record ${at}`)).sort();
const sorted = (ids: readonly string[] | undefined) => [...(ids ?? [])].sort();

describe('flows over a thousand late records, delivered several times, with the host killed twice', () => {
  const inbox = createInbox();
  const tenant = tenantNamed('Fabrikam', { contentTypes: ['Audit.SharePoint'] });
  const { tenantId } = tenant;
  const flows: SimulatedFlow[] = [];
  let receiver: WebhookReceiver;
  let app: DeployedApp;
  let gateway: FaultyGateway;
  let root: string;
  let connection: Readonly<Record<string, string>>;
  let poll: (texts: readonly (readonly string[])[]) => Promise<void>;
  let unsubscribe: string;

  beforeAll(async () => {
    receiver = await startWebhookReceiver((request, body, response) => {
      response.writeHead(inbox.take(request.headers, body)).end();
    }, receiverName);
    app = await startDeployedApp({ startMs: 0, receiving: { receiver, name: receiverName }, env });
    gateway = await startFaultyGateway(Number(new URL(app.api.baseUrl).port));
    root = `${gateway.baseUrl}/api/tenants/${tenantId}`;
    const storage = { kind: 'connectionString', connectionString: app.connectionString } as const;
    const [tenants, queues] = [createTenantStore(createTables(storage)), createWorkQueues(storage)];
    app.simulator.addTenant({
      ...{
        tenantId,
        displayName: 'Fabrikam',
        domain: 'fabrikam.example',
        records: [],
        auditingEnabled: true,
      },
      directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
    });
    await tenants.create(tenant);
    connection = {
      'x-api-key': await createKey({ storage, name: 'Flow', tenants: '*', scopes: ['records.read'] }),
    };
    /** Content of all of the last minutes, and a poll that has collected it. */
    poll = async (texts) => {
      const { length: before } = app.simulator.published(tenantId);
      for (const [at, each] of texts.entries()) {
        const contentCreated = new Date(Date.now() - 10_000 - ((before * 7 + at * 3) % 8) * 60_000);
        app.simulator.addContent(tenantId, {
          ...{ kind: 'records', contentType: 'Audit.SharePoint', texts: each },
          contentCreated: contentCreated.toISOString(),
        });
      }
      const lastPollAt = (await tenants.get(tenantId))?.poll.lastPollAt;
      await queues.requestPoll({ version: 1, tenantId, reason: 'handedOver' });
      await vi.waitFor(async () => {
        expect((await tenants.get(tenantId))?.poll.lastPollAt).not.toEqual(lastPollAt);
      }, patience);
    };
    const feed = `${root}/records-feed?top=70`;
    flows.push(await startPollingFlow(feed, connection, { keepsKey: true }));
    flows.push(await startPollingFlow(feed, connection, { keepsKey: false }));
    flows.push(await startPollingFlow(`${feed}&operations=Op1`, connection, { keepsKey: false }));
    const subscribed = await send(`${root}/subscriptions`, {
      ...{ method: 'POST', headers: { ...connection, 'idempotency-key': randomUUID() } },
      body: { targetUrl: `https://${receiverName}/hook?sig=1` },
    });
    inbox.trust(made.parse(JSON.parse(subscribed.text)).secret);
    unsubscribe = subscribed.headers.get('location') ?? '';
  });

  afterAll(async () => {
    await Promise.allSettled(flows.map((flow) => flow.stop()));
    await gateway.stop();
    await app.stop();
    await receiver.stop();
  });

  it('return each record once and miss none', { timeout: 240_000 }, async () => {
    const all = contents();
    for (let at = 0; at < pollCount; at++) {
      await poll(all.slice(at * contentsPerPoll, (at + 1) * contentsPerPoll));
      if (at !== 2 && at !== 5) continue;
      await vi.waitFor(() => {
        expect(flows[0]?.seen.length).toBeGreaterThan(at * 80);
      }, patience);
      await app.halt('kill');
      await app.start();
    }
    const [keyed, keyless, filtered] = flows;
    await vi.waitFor(() => {
      expect([keyed?.seen.length, keyless?.seen.length, filtered?.seen.length, inbox.ids().length]).toEqual([
        ...[recordCount, recordCount, 333, recordCount],
      ]);
    }, patience);
    expect(sorted(keyed?.seen)).toEqual(allIds);
    expect(keyless?.seen).toEqual(keyed?.seen);
    expect(inbox.ids()).toEqual(keyed?.seen);
    expect(new Set(filtered?.seen).size).toBe(333);
    expect(inbox.bad).toEqual([]);
    expect(inbox.failures()).toBe(2);
    for (const status of [408, 429, 500, 502, 503]) expect(gateway.answered.get(status)).toBeGreaterThan(0);
  });

  it('find the same records page by page, and in a file requested once and polled without the key', async () => {
    const range = 'from=2026-03-01&to=2026-03-31';
    const listed = await followPages(`${root}/records?${range}&top=170`, connection);
    expect(listed).toHaveLength(recordCount);
    expect(sorted(listed)).toEqual(allIds);
    const written = await followOperation(`${root}/exports`, {
      headers: { ...connection, 'idempotency-key': randomUUID() },
      body: { format: 'ndjson', from: '2026-03-01', to: '2026-03-31' },
    });
    const { recordCount: count, contentUrl } = exported.parse(JSON.parse(written.text));
    expect(count).toBe(recordCount);
    const { text } = await send(contentUrl, { headers: connection });
    const lines = text.trimEnd().split('\n');
    const idOf = (line: string) => z.object({ Id: z.string() }).parse(JSON.parse(line)).Id;
    expect(sorted(lines.map(idOf))).toEqual(allIds);
  });

  it('get nothing more after they have deleted their webhook by its Location', async () => {
    const before = inbox.ids().length;
    expect((await send(unsubscribe, { method: 'DELETE' })).status).toBe(204);
    await poll([[textOf({ id: guidOf('one more') })]]);
    await vi.waitFor(() => {
      expect(flows[0]?.seen).toContain(guidOf('one more'));
    }, patience);
    await delay(500);
    expect(inbox.ids()).toHaveLength(before);
  });

  it('cannot have webhooks sent to the address of this machine', async () => {
    const subscribed = await send(`${root}/subscriptions`, {
      ...{ method: 'POST', headers: connection, body: { targetUrl: receiver.url.replace(/:\d+/, '') } },
    });
    expect(subscribed.status).toBe(400);
    expect(subscribed.text).toContain("'targetUrl' must name a host on the internet");
  });
});
