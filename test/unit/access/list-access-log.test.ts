import { listAccessLogHandler } from '../../../functions/access/access-log.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import type { AccessLogEntry } from '../../../shared/access/access-log.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const pageSchema = z.object({
  status: z.number().default(200),
  jsonBody: z.object({
    value: z.array(z.looseObject({ action: z.string() })),
    nextLink: z.string().optional(),
  }),
});
const errorSchema = z.object({
  status: z.number(),
  jsonBody: z.object({ error: z.object({ code: z.string(), target: z.string().optional() }) }),
});

async function createWorld() {
  const [clock, keys, log] = [createClock(), createFakeApiKeyStore(), createFakeAccessLog()];
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId, domain: 'fabrikam.example' }),
    tenantNamed('Adatum', { tenantId: adatumId, domain: 'adatum.example' }),
  ]);
  const { now } = clock;
  const access = createAccess({ ...plainAccess, keys, tenants, telemetry: () => undefined, now });
  const deps = { ...createFakeHttpDeps(now), access, telemetry: () => undefined, now, accessLog: log };
  const options = served(deps, listAccessLogHandler);
  const issue = async (bound: string, scopes: readonly Scope[] = ['access.read']) => {
    const { key, text } = newApiKey({ name: 'Reader', tenants: bound, scopes }, now());
    await keys.create(key);
    return text;
  };
  const ask = async (key: string, query = ''): Promise<unknown> => {
    const url = query.startsWith('https:') ? query : `https://auditkeep.example/api/access-log${query}`;
    const request = new HttpRequest({ method: 'GET', url, headers: { 'x-api-key': key } });
    const context = new InvocationContext({ functionName: 'list-access-log', logHandler: () => undefined });
    const given = await options.handler(request, context);
    await expectDescribedInit(request, given);
    return given;
  };
  const entry = async (action: string, hoursAgo: number, changes: Partial<AccessLogEntry> = {}) => {
    const at = new Date(now().getTime() - hoursAgo * hourMs);
    await log.append({
      ...{ at, requestId: randomUUID(), caller: 'one', action, tenantId: fabrikamId },
      ...{ outcome: 'accepted', parameters: ['from'], ...changes },
    });
  };
  await entry('a', 1);
  await entry('b', 2, { tenantId: adatumId, caller: 'two' });
  await entry('c', 3, { outcome: 'refused', code: 'TenantNotFound', caller: 'stranger' });
  await entry('d', 4, { outcome: 'refused', code: 'Forbidden' });
  await entry('e', 24 * 8);
  const actions = async (key: string, query = '') =>
    pageSchema.parse(await ask(key, query)).jsonBody.value.map(({ action }) => action);
  return { ask, issue, actions, log, clock, tenants };
}

describe('the access log over HTTP', () => {
  it('returns the last seven days to the partner, filtered as requested', async () => {
    const world = await createWorld();
    const key = await world.issue('*');
    expect(await world.actions(key)).toEqual(['a', 'b', 'c', 'd']);
    expect(await world.actions(key, `?tenant=${adatumId.toUpperCase()}`)).toEqual(['b']);
    expect(await world.actions(key, '?caller=stranger')).toEqual(['c']);
    expect(await world.actions(key, '?from=2026-03-01&to=2026-03-03')).toEqual(['e']);
    expect(await world.actions(key, '?from=2026-03-10T09:00:00Z&to=2026-03-10T10:00:00%2B00:00')).toEqual([
      'c',
    ]);
  });

  it('takes the domain of a tenant in place of its ID, and next links have the ID', async () => {
    const world = await createWorld();
    const key = await world.issue('*');
    expect(await world.actions(key, '?tenant=Adatum.EXAMPLE')).toEqual(['b']);
    const { jsonBody } = pageSchema.parse(await world.ask(key, '?tenant=fabrikam.example&top=1'));
    expect(jsonBody.nextLink).toContain(`tenant=${fabrikamId}`);
    expect(jsonBody.nextLink).not.toContain('fabrikam.example');
    expect(await world.actions(key, jsonBody.nextLink)).toEqual(['c']);
    expect(errorSchema.parse(await world.ask(key, '?tenant=unknown.example'))).toMatchObject({
      ...{ status: 404, jsonBody: { error: { code: 'TenantNotFound' } } },
    });
  });

  it("tells a tenant's auditor nothing about the domains of others", async () => {
    const world = await createWorld();
    const key = await world.issue(fabrikamId);
    expect(await world.actions(key, '?tenant=fabrikam.example')).toEqual(['a', 'd']);
    const [foreign, unknown] = [
      await world.ask(key, '?tenant=adatum.example'),
      await world.ask(key, '?tenant=unknown.example'),
    ].map((answer) => errorSchema.parse(answer));
    expect(foreign).toMatchObject({ status: 404, jsonBody: { error: { code: 'TenantNotFound' } } });
    expect(foreign).toEqual(unknown);
  });

  it('names the parameter when several tenants were registered by the domain', async () => {
    const world = await createWorld();
    await world.tenants.create(tenantNamed('Twin', { domain: 'adatum.example' }));
    const answer = errorSchema.parse(await world.ask(await world.issue('*'), '?tenant=adatum.example'));
    expect(answer).toMatchObject({ status: 400, jsonBody: { error: { target: 'tenant' } } });
  });

  it("shows a tenant's auditor the entries of that tenant", async () => {
    const world = await createWorld();
    const key = await world.issue(fabrikamId);
    expect(await world.actions(key)).toEqual(['a', 'd']);
    expect(await world.actions(key, `?tenant=${fabrikamId}`)).toContain('a');
    for (const tenant of [adatumId, randomUUID()])
      expect(errorSchema.parse(await world.ask(key, `?tenant=${tenant}`))).toMatchObject({
        ...{ status: 404, jsonBody: { error: { code: 'TenantNotFound' } } },
      });
  });

  it('is logged itself, and requires its scope', async () => {
    const world = await createWorld();
    const reader = await world.issue(fabrikamId, ['records.read']);
    expect(errorSchema.parse(await world.ask(reader)).status).toBe(403);
    const key = await world.issue(fabrikamId);
    await world.actions(key);
    expect(world.log.entries.slice(-2)).toMatchObject([
      { action: 'list-access-log', outcome: 'refused', code: 'Forbidden' },
      { action: 'list-access-log', outcome: 'accepted', tenantId: fabrikamId },
    ]);
  });

  it('is read page by page, and entries written meanwhile do not shift the pages', async () => {
    const world = await createWorld();
    const key = await world.issue('*');
    const seen: string[] = [];
    let next: string | undefined = '?top=1';
    while (next !== undefined) {
      const { jsonBody } = pageSchema.parse(await world.ask(key, next));
      seen.push(...jsonBody.value.map(({ action }) => action));
      next = jsonBody.nextLink;
      world.clock.advance(1000);
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['users=a', 'users'],
    ['top=0', 'top'],
    ['top=1&top=2', 'top'],
    ['tenant=nonsense', 'tenant'],
    ['from=yesterday', 'from'],
    ['from=2026-03-02&to=2026-03-02', 'to'],
    ['from=2020-01-01&to=2026-01-01', 'from'],
    ['skiptoken=nonsense', 'skiptoken'],
    [`skiptoken=${Buffer.from("1' or 1 eq 1").toString('base64url')}`, 'skiptoken'],
  ])('refuses %s by name', async (query, target) => {
    const world = await createWorld();
    const { status, jsonBody } = errorSchema.parse(await world.ask(await world.issue('*'), `?${query}`));
    expect([status, jsonBody.error.target]).toEqual([400, target]);
  });
});
