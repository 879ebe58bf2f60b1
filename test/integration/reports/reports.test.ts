/** A report from its request to a page that prints, through the deployed app. */
import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createPostureStore } from '../../../shared/adapters/tables/posture-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { reportSchema } from '../../../shared/reports/document.ts';
import { expectDescribedResponse } from '../../support/described.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { issueKey } from '../access/credentials.ts';
import { startWholeApp, type WholeApp } from '../access/whole-app.ts';

let app: WholeApp;
let key: string;
let tenantId: string;

beforeAll(async () => {
  app = await startWholeApp();
  const tables = createTables({ kind: 'connectionString', connectionString: app.connectionString });
  const notYet = { nextPollAt: new Date(Date.now() + 24 * 60 * 60_000), quietPolls: 0 };
  const tenant = tenantNamed('Contoso <b>&', { poll: notYet });
  ({ tenantId } = tenant);
  await createTenantStore(tables).create(tenant);
  await createPostureStore(tables).save(tenantId, {
    takenAt: '2026-03-05T04:00:00.000Z',
    unifiedAuditLog: false,
    mailboxAuditingDisabled: false,
    mailboxes: { total: 1, asWanted: 1, wrong: [] },
    bypasses: ['=cmd|x'],
    subscriptionsMissing: [],
  });
  key = await issueKey({ keys: createApiKeyStore(tables) }, '*');
}, 240_000);

afterAll(() => app.stop());

async function ask(path: string, body?: object): Promise<Response> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const response = await fetch(`${app.baseUrl}/${path}`, { ...sent, headers });
  await expectDescribedResponse(body === undefined ? 'GET' : 'POST', response);
  return response;
}

const wanted = { kind: 'posture', from: '2026-03-01', to: '2026-03-08' };

describe('a report', () => {
  it('is computed once, and read as data, as a page, as a table, and as a workbook', async () => {
    const begun = await ask(`tenants/${tenantId}/reports`, wanted);
    expect(begun.status).toBe(202);
    const { id } = z.object({ id: z.string() }).parse(await begun.json());
    const path = `tenants/${tenantId}/reports/${id}`;
    await vi.waitFor(async () => {
      expect((await ask(`${path}/result`)).status).toBe(200);
    }, 120_000);
    const result = z.object({ contentUrl: z.string() }).parse(await (await ask(`${path}/result`)).json());
    expect(result.contentUrl.endsWith(`${path}/content`)).toBe(true);
    const data = reportSchema.parse(await (await ask(`${path}/content`)).json());
    expect(data).toMatchObject({
      ...{ kind: 'posture', from: '2026-03-01T00:00:00.000Z', createdBy: key.slice(3, 19) },
      tenants: [{ tenantId, displayName: 'Contoso <b>&', isPending: true }],
    });
    const page = await ask(`${path}/content?format=html`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'sha256-");
    expect(await page.text()).toContain('<bdi>Contoso &lt;b&gt;&amp;</bdi>');
    // What renders is loaded later, and its refusals are those of all operations.
    const refused = await ask(`${path}/content?format=csv&table=unknown`);
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { target: 'table' } }]);
    const csv = await ask(`${path}/content?format=csv&table=findings`);
    const rows: readonly (readonly string[])[] = parse(await csv.text());
    expect(rows[0]?.slice(3)).toEqual(['severity', 'about', 'finding', 'next']);
    expect(rows.map((row) => row[5])).toContain('The unified audit log is off.');
    const workbook = Buffer.from(await (await ask(`${path}/content?format=xlsx`)).arrayBuffer());
    expect(workbook.subarray(0, 2).toString()).toBe('PK');
    const list = z.object({ value: z.array(z.object({ id: z.string() })) });
    expect(list.parse(await (await ask(`tenants/${tenantId}/reports`)).json()).value).toEqual([{ id }]);
  }, 240_000);

  it('on several tenants is one report on each of them, read together', async () => {
    const begun = await ask('reports', { ...wanted, tenants: ['*'] });
    expect(begun.status).toBe(202);
    const { id } = z.object({ id: z.string() }).parse(await begun.json());
    await vi.waitFor(async () => {
      expect((await ask(`reports/${id}/result`)).status).toBe(200);
    }, 120_000);
    const data = reportSchema.parse(await (await ask(`reports/${id}/content`)).json());
    expect(data.tenants.map((tenant) => tenant.tenantId)).toEqual([tenantId]);
    expect(data.tenants[0]?.sections.length).toBeGreaterThan(1);
    const csv = await ask(`reports/${id}/content?format=csv`);
    expect(await csv.text()).toContain('The unified audit log is off.');
    expect(await (await ask('reports')).json()).toMatchObject({ value: [{ id, tenantCount: 1 }] });
    expect(await (await ask(`reports/${id}/tenants`)).json()).toMatchObject({
      value: [{ tenantId, status: 'Succeeded' }],
    });
  }, 240_000);

  it.each([
    [{ ...wanted, kind: 'unknown' }, 'kind'],
    [{ ...wanted, to: '2026-03-01' }, 'to'],
    [{ ...wanted, users: ['ada'] }, 'users'],
  ])('is refused as invalid: %j', async (body, target) => {
    const refused = await ask(`tenants/${tenantId}/reports`, body);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain(target);
  });

  it('that does not exist is not found, and a table that it does not have is named', async () => {
    expect((await ask(`tenants/${tenantId}/reports/${randomUUID()}/content`)).status).toBe(404);
  });
});
