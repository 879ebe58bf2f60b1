import { listAccessLogHandler } from '../../../functions/access/access-log.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operation } from '../../../shared/api/operation.ts';
import { json } from '../../../shared/api/answers.ts';
import { handler } from '../../../shared/http/handler.ts';
import { once } from '../../../shared/http/parameters.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import type { CallLimitSettings } from '../../../shared/access/call-limits.ts';
import { createClock } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const pageSchema = z.object({
  jsonBody: z.object({
    value: z.array(
      z.object({ action: z.string(), caller: z.string().optional(), code: z.string().optional() }),
    ),
  }),
});
const statusSchema = z.object({ status: z.number().default(200) });

/** What is sent to the records of Adatum. */
interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const listThings = operation('ListRecords', ['GET', 'tenants/{tenantId}/records'], {
  area: 'Description',
  audience: { scope: 'records.read' },
  summary: 'Things',
  description: 'Does things.',
  query: z.strictObject({ users: once(z.string()).optional(), top: once(z.string()).optional() }),
  answers: { 200: json('Nothing.', z.strictObject({})) },
});

async function createWorld(limits: CallLimitSettings = plainAccess.limits) {
  const [clock, keys, accessLog] = [createClock(), createFakeApiKeyStore(), createFakeAccessLog()];
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  const base = { telemetry: () => undefined, now: clock.now };
  const access = createAccess({ ...plainAccess, ...base, keys, tenants, limits });
  const deps = { ...createFakeHttpDeps(clock.now), ...base, access, accessLog };
  const issue = async (bound: string) => {
    const scopes = ['records.read', 'access.read'] as const;
    const { key, text } = newApiKey({ name: 'Reader', tenants: bound, scopes }, clock.now());
    await keys.create(key);
    return { id: key.id, text };
  };
  const records = served(
    deps,
    handler(listThings, (_deps, { reply }) => reply(200, {})),
  );
  const send = async (key: string, { method = 'GET', query = '', headers = {} }: Sent = {}) => {
    const url = `https://auditkeep.example/api/tenants/${adatumId}/records${query}`;
    const params = { tenantId: adatumId };
    const request = new HttpRequest({ method, url, params, headers: { 'x-api-key': key, ...headers } });
    return statusSchema.parse(await invoke(records, 'list-records', request)).status;
  };
  /** What an auditor is shown of the calls for records. */
  const seenBy = async (key: string) => {
    clock.advance(1);
    const url = 'https://auditkeep.example/api/access-log';
    const request = new HttpRequest({ method: 'GET', url, headers: { 'x-api-key': key } });
    const given = await invoke(served(deps, listAccessLogHandler), 'list-access-log', request);
    await expectDescribedInit(request, given);
    const { value } = pageSchema.parse(given).jsonBody;
    return value.filter(({ action }) => action === 'list-records').map(({ caller, code }) => [caller, code]);
  };
  const [stranger, insider, partner] = [await issue(fabrikamId), await issue(adatumId), await issue('*')];
  return { send, seenBy, accessLog, stranger, insider, partner };
}

async function invoke(
  { handler }: HttpFunctionOptions,
  functionName: string,
  request: HttpRequest,
): Promise<unknown> {
  return await handler(request, new InvocationContext({ functionName, logHandler: () => undefined }));
}

const early: Readonly<Record<string, { readonly sent: Sent; readonly code: string }>> = {
  'a version that there is not': { sent: { query: '?api-version=1' }, code: 'InvalidParameter' },
  'a wrong idempotency key': {
    sent: { method: 'POST', headers: { 'idempotency-key': 'a b' } },
    code: 'InvalidParameter',
  },
};

describe("a call for a tenant that is not the caller's", () => {
  it.each(Object.entries(early))('refused for %s is seen by the partner alone', async (_, { sent, code }) => {
    const { send, seenBy, stranger, insider, partner } = await createWorld();
    expect(await send(stranger.text, sent)).toBe(400);
    expect(await seenBy(insider.text)).toEqual([]);
    expect(await seenBy(stranger.text)).toEqual([]);
    expect(await seenBy(partner.text)).toEqual([[stranger.id, code]]);
  });

  it('refused for its frequency is seen by the partner alone', async () => {
    const { send, seenBy, stranger, insider, partner } = await createWorld({
      ...{ callsPerMinute: 1, failuresPerMinute: 9, queriesPerCaller: 9 },
    });
    expect([await send(stranger.text), await send(stranger.text)]).toEqual([404, 429]);
    expect(await seenBy(insider.text)).toEqual([]);
    const seen = await seenBy(partner.text);
    expect(seen).toHaveLength(2);
    expect(seen).toContainEqual([stranger.id, 'TooManyRequests']);
  });

  it('is not written before its outcome is known, and then names the requested tenant', async () => {
    const { send, accessLog, stranger } = await createWorld();
    expect(await send(stranger.text)).toBe(404);
    expect(accessLog.entries).toMatchObject([{ code: 'TenantNotFound', tenantId: adatumId }]);
  });
});

describe("a call for the caller's own tenant", () => {
  it.each(Object.entries(early))("refused for %s is seen by the tenant's auditor", async (_, each) => {
    const { send, seenBy, insider, partner } = await createWorld();
    await send(insider.text, each.sent);
    await send(partner.text, each.sent);
    const seen = await seenBy(insider.text);
    expect(seen).toHaveLength(2);
    for (const { id } of [insider, partner]) expect(seen).toContainEqual([id, each.code]);
  });
});
