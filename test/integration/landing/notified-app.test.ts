/** The webhook of the activity feed through the deployed app: Microsoft announces content, and it is answerable soon. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { startHost } from '../../local/host-process.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { buildApp } from '../../support/built-app.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { openStorage } from '../../support/run/storage.ts';
import { issueKey } from '../access/credentials.ts';

const patience = { timeout: 60_000, interval: 100 };
const tenantSchema = z.object({
  state: z.string(),
  checks: z.array(z.looseObject({ name: z.string(), state: z.string(), code: z.string().optional() })),
});
const recordsSchema = z.object({ value: z.array(z.object({ id: z.string() })) });

/** @param isReachable whether Microsoft reaches the public address of the app */
async function startApp(isReachable: boolean) {
  const [project, storage] = [await buildApp(), await openStorage()];
  const simulator = await startSimulator({ tenants: [], caFile: join(project, 'simulator.pem') });
  const [port, otherPort] = [await getPort({ host: '127.0.0.1' }), await getPort({ host: '127.0.0.1' })];
  const env = {
    AzureWebJobsStorage: storage.connectionString,
    ...simulatorSettings(simulator),
    NODE_EXTRA_CA_CERTS: simulator.caFile,
    AUDITKEEP_SETTLE_SECONDS: '1',
    AUDITKEEP_FEED_WEBHOOK: 'true',
    AUDITKEEP_PUBLIC_URL: `http://127.0.0.1:${isReachable ? port : otherPort}/api`,
  };
  const host = await startHost({ project, env, port, script: await bundledHost() });
  const tables = createTables({ kind: 'connectionString', connectionString: storage.connectionString });
  const key = await issueKey({ keys: createApiKeyStore(tables) }, '*');
  const root = `${host.baseUrl}/api`;
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const sent = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    return await (await fetch(`${root}/${path}`, sent)).json();
  };
  const tenantId = randomUUID();
  simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: 'fabrikam.example', records: [], auditingEnabled: true },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  return {
    ...{ root, simulator, tenantId, ask, tenants: createTenantStore(tables) },
    register: async () =>
      tenantSchema.parse(await ask('tenants', { tenantId, contentTypes: ['Audit.SharePoint'] })),
    check: async () => tenantSchema.parse(await ask(`tenants/${tenantId}/checks`, {})),
    /** Content of one new record; returns the record's ID. */
    publish: (contentCreated?: Date): string => {
      const id = randomUUID();
      const CreationTime = new Date().toISOString().slice(0, 19);
      const record = {
        Id: id,
        CreationTime,
        Operation: 'FileAccessed',
        RecordType: 6,
        OrganizationId: tenantId,
      };
      simulator.addContent(tenantId, {
        ...{ kind: 'records', contentType: 'Audit.SharePoint', texts: [JSON.stringify(record)] },
        contentCreated: contentCreated?.toISOString(),
      });
      return id;
    },
    answered: async () =>
      recordsSchema.parse(await ask(`tenants/${tenantId}/records`)).value.map(({ id }) => id),
    stop: async () => {
      await host.stop();
      await Promise.all([storage.close(), simulator.stop()]);
      await rm(project, { recursive: true });
    },
  };
}

type App = Awaited<ReturnType<typeof startApp>>;
const webhookCheck = ({ checks }: z.output<typeof tenantSchema>) =>
  checks.find(({ name }) => name === 'feedWebhook');

async function firstPoll({ tenants, tenantId }: App): Promise<void> {
  await vi.waitFor(async () => {
    expect((await tenants.get(tenantId))?.poll.lastPollAt).toBeDefined();
  }, patience);
}

/** The timer has nothing to do for a day. */
async function quieten({ tenants, tenantId }: App): Promise<void> {
  const poll = { nextPollAt: new Date(Date.now() + 24 * 60 * 60_000), quietPolls: 9, lastPollAt: new Date() };
  await tenants.update(tenantId, { poll });
}

describe('an app that Microsoft reaches', () => {
  let app: App;

  beforeAll(async () => {
    app = await startApp(true);
    expect(webhookCheck(await app.register())).toMatchObject({ state: 'Passed' });
    await firstPoll(app);
  }, 240_000);

  afterAll(() => app.stop());

  const webhook = () => app.simulator.webhooks(app.tenantId).subscriptions[0];
  const notify = (authId: string, body = '[]') =>
    fetch(`${app.root}/activity-feed/notifications`, {
      ...{ method: 'POST', headers: { 'Webhook-AuthID': authId, 'Content-Type': 'application/json' }, body },
    });

  it('answers with new records without a turn of the timer', async () => {
    await quieten(app);
    // Older than the margin that a listing leaves to the next one.
    const id = app.publish(new Date(Date.now() - 10_000));
    await vi.waitFor(async () => {
      expect(await app.answered()).toEqual([id]);
    }, patience);
    expect(webhook()).toMatchObject({ state: 'enabled', delivered: 1, failures: 0 });
  });

  it('takes hundreds of notifications, of any size, with few polls', async () => {
    await quieten(app);
    const before = app.simulator.counters.snapshot().requests.content ?? 0;
    const authId = webhook()?.authId ?? '';
    const bodies = Array.from({ length: 300 }, (_, at) => (at % 100 === 0 ? 'x'.repeat(300_000) : '[]'));
    const startedAt = Date.now();
    // The host itself refuses more at once.
    const statuses = await pMap(bodies, async (body) => (await notify(authId, body)).status, {
      concurrency: 20,
    });
    expect(new Set(statuses)).toEqual(new Set([200]));
    await vi.waitFor(() => {
      expect(app.simulator.counters.snapshot().requests.content).toBeGreaterThan(before);
    }, patience);
    const lists = (app.simulator.counters.snapshot().requests.content ?? 0) - before;
    // A poll lists one content type once; one message for each second that the notifications took.
    expect(lists).toBeLessThanOrEqual(2 + (Date.now() - startedAt) / 1000);
  });

  it('refuses the notifications of strangers, and those with large bodies', async () => {
    const wrong = `auditkeep.${app.tenantId}.${'A'.repeat(43)}`;
    for (const [authId, body] of [
      ['', '[]'],
      [wrong, '[]'],
      [wrong, 'x'.repeat(300_000)],
    ] as const) {
      const refused = await notify(authId, body);
      expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining('Unauthorized')]);
    }
  });

  it('waits before it renews a webhook that Microsoft dropped: a start was less than 15 minutes ago', async () => {
    app.simulator.dropWebhooks(app.tenantId);
    expect(webhookCheck(await app.check())).toMatchObject({ state: 'NotChecked' });
    expect(app.simulator.webhooks(app.tenantId)).toMatchObject({
      ...{ earlyStarts: 0, subscriptions: [{ state: 'none' }] },
    });
  });
});

describe('an app that Microsoft does not reach', () => {
  let app: App;

  beforeAll(async () => {
    app = await startApp(false);
  }, 240_000);

  afterAll(() => app.stop());

  it('collects all the same, and says what is wrong', async () => {
    const id = app.publish(new Date(Date.now() - 60_000));
    const registered = await app.register();
    expect(registered.state).toBe('Active');
    expect(webhookCheck(registered)).toMatchObject({ state: 'Failed', code: 'AF20021' });
    expect(registered.checks).toContainEqual(
      expect.objectContaining({ name: 'subscription:Audit.SharePoint', state: 'Passed' }),
    );
    await vi.waitFor(async () => {
      expect(await app.answered()).toEqual([id]);
    }, patience);
    expect(app.simulator.webhooks(app.tenantId)).toMatchObject({
      ...{ earlyStarts: 0, subscriptions: [{ contentType: 'Audit.SharePoint', state: 'none' }] },
    });
  });
});
