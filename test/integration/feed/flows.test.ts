/** Flows that are triggered by new records, while hosts are killed: each record once, none missed. */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { startFlowHost, type FlowHost } from './flow-host.ts';
import { startPollingFlow, type SimulatedFlow } from './simulated-flow.ts';

const recordCount = 1000;
const landingCount = 40;
const patience = { timeout: 150_000, interval: 200 };
const bodySchema = z.object({ data: z.object({ value: z.array(z.object({ id: z.string() })) }) });
const made = z.looseObject({ id: z.string(), secret: z.string() });

/** Records of all times in no order; each landing also brings some of what earlier ones brought. */
function landings(): readonly (readonly string[])[] {
  const texts = Array.from({ length: recordCount }, (_, at) => {
    const day = 2 + ((at * 7) % 8);
    return textOf({ id: guidOf(`record ${at}`), time: `2026-03-0${day}T10:00:00`, operation: `Op${at % 3}` });
  });
  const share = recordCount / landingCount;
  return Array.from({ length: landingCount }, (_, at) => {
    const own = texts.slice(at * share, (at + 1) * share).reverse();
    const again = texts.slice(0, at * share).filter((_text, index) => index % 9 === at % 9);
    return [...again.slice(-10), ...own, ...own.slice(0, 2)];
  });
}
const allIds = Array.from({ length: recordCount }, (_, at) => guidOf(`record ${at}`)).sort();

/** Takes each webhook-id in once, in order; some attempts fail, and some that fail were taken in all the same. */
function createInbox() {
  const byId = new Map<string, readonly string[]>();
  const bad: string[] = [];
  let [calls, failures, secret] = [0, 0, ''];
  return {
    ...{ bad, failures: () => failures, ids: () => [...byId.values()].flat() },
    trust: (given: string) => {
      secret = given;
    },
    take: (headers: NodeJS.Dict<string | string[]>, body: Buffer): number => {
      calls += 1;
      const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
      const mac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'));
      const expected = mac.update(`${id}.${timestamp}.`).update(body).digest('base64');
      if (headers['webhook-signature'] !== `v1,${expected}`) bad.push(id);
      const fails = calls === 2 || calls === 6;
      if (fails) failures += 1;
      if (calls === 2) return 503;
      byId.set(
        id,
        bodySchema.parse(JSON.parse(body.toString())).data.value.map((record) => record.id),
      );
      return fails ? 500 : 202;
    },
  };
}

describe('flows over a thousand late records, delivered several times, with the host killed twice', () => {
  const inbox = createInbox();
  const tenant = tenantNamed('Fabrikam');
  const { key, text: apiKey } = newApiKey(
    { name: 'Flow', tenants: '*', scopes: ['records.read'] },
    new Date(),
  );
  const connection = { 'x-api-key': apiKey, 'content-type': 'application/json' };
  let receiver: WebhookReceiver;
  let host: FlowHost;
  let root: string;
  const flows: SimulatedFlow[] = [];
  let publish: (lines: readonly string[]) => Promise<void>;
  let unsubscribe: string;

  beforeAll(async () => {
    receiver = await startWebhookReceiver((request, body, response) => {
      response.writeHead(inbox.take(request.headers, body)).end();
    });
    host = await startFlowHost(receiver.ca);
    root = `${host.baseUrl}/api/tenants/${tenant.tenantId}`;
    const storage = { kind: 'connectionString', connectionString: host.connectionString } as const;
    const tables = createTables(storage);
    await createTenantStore(tables).create(tenant);
    await createApiKeyStore(tables).create(key);
    const [raw, queues] = [createRawStore(storage), createWorkQueues(storage)];
    publish = async (lines) => {
      const { request, body, metadata } = rawBlobOf(tenant.tenantId, lines, new Date());
      await raw.put(request.blobName, body, metadata);
      await queues.requestIndexing(request);
      // Now and then a message comes twice.
      if (lines.length % 4 === 0) await queues.requestIndexing(request);
    };
    const feed = `${root}/records-feed?top=70`;
    flows.push(await startPollingFlow(feed, connection, { keepsKey: true }));
    flows.push(await startPollingFlow(feed, connection, { keepsKey: false }));
    flows.push(await startPollingFlow(`${feed}&operations=Op1`, connection, { keepsKey: false }));
    const subscribed = await fetch(`${root}/subscriptions`, {
      ...{ method: 'POST', headers: { ...connection, 'idempotency-key': randomUUID() } },
      body: JSON.stringify({ targetUrl: receiver.url }),
    });
    inbox.trust(made.parse(await subscribed.json()).secret);
    unsubscribe = subscribed.headers.get('location') ?? '';
  });

  afterAll(async () => {
    await Promise.allSettled(flows.map((flow) => flow.stop()));
    await host.stop();
    await receiver.stop();
  });

  it('give each record once and miss none', { timeout: 240_000 }, async () => {
    for (const [at, lines] of landings().entries()) {
      await publish(lines);
      if (at === 12 || at === 26) {
        await vi.waitFor(() => {
          expect(flows[0]?.seen.length).toBeGreaterThan(at * 10);
        }, patience);
        await host.restart();
      }
    }
    const [keyed, keyless, filtered] = flows;
    await vi.waitFor(() => {
      expect([keyed?.seen.length, keyless?.seen.length, inbox.ids().length]).toEqual([
        ...[recordCount, recordCount, recordCount],
      ]);
    }, patience);
    expect([...(keyed?.seen ?? [])].sort()).toEqual(allIds);
    expect([...(keyless?.seen ?? [])].sort()).toEqual(allIds);
    expect(keyless?.seen).toEqual(keyed?.seen);
    expect([...inbox.ids()].sort()).toEqual(allIds);
    expect(inbox.ids()).toEqual(keyed?.seen);
    await vi.waitFor(() => {
      expect(filtered?.seen).toHaveLength(333);
    }, patience);
    expect(new Set(filtered?.seen).size).toBe(333);
    expect(inbox.bad).toEqual([]);
    expect(inbox.failures()).toBe(2);
    expect(flows.reduce((sum, flow) => sum + flow.retries(), 0)).toBeGreaterThan(0);
  });

  it('get nothing more after they have deleted their webhook by the address that they were given', async () => {
    const before = inbox.ids().length;
    const deleted = await fetch(unsubscribe, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    await publish([textOf({ id: guidOf('one more') })]);
    await vi.waitFor(() => {
      expect(flows[0]?.seen).toContain(guidOf('one more'));
    }, patience);
    await delay(500);
    expect(inbox.ids()).toHaveLength(before);
  });
});
