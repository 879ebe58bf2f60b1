import { callerWith } from '../../../shared/access/caller.ts';
import { HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { plainAccess } from '../../support/access-defaults.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess, type Caller } from '../../../shared/access/access.ts';
import type { AccessLogEntry } from '../../../shared/access/access-log.ts';
import type { CallLimitSettings } from '../../../shared/access/call-limits.ts';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createIdempotency } from '../../../shared/http/idempotency.ts';
import { refusal } from '../../../shared/api/answers.ts';
import { complete } from '../../../shared/api/complete.ts';
import { operation } from '../../../shared/api/operation.ts';
import { handler, type Call } from '../../../shared/http/handler.ts';
import { once } from '../../../shared/http/parameters.ts';
import type { Replied } from '../../../shared/http/reply.ts';
import { readBody } from '../../../shared/http/request-body.ts';
import type { ApiRequest } from '../../../shared/http/request.ts';
import type { HttpDeps } from '../../../shared/http/serve.ts';
import { RequestError } from '../../../shared/errors.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeIdempotencyStore } from '../../support/fakes/idempotency-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { served } from '../../support/served.ts';
import { createFaults, type Fault } from '../../support/faults.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const anything = { description: 'Anything.', schema: z.unknown(), headers: ['ETag', 'Location'] } as const;
const word = once(z.string()).optional();

/** Not one of the app's operations: its handlers answer what a test needs, and the rest is common to all operations. */
const doThings = operation('DoThings', ['GET', 'things'], {
  area: 'Description',
  summary: 'Things',
  description: 'Does things.',
  audience: { scope: 'records.read' },
  query: z.strictObject({ users: word, top: word, filter: word, 'bob@adatum.example': word }),
  answers: { 200: anything, 201: anything, 202: anything, 404: refusal(404), 422: refusal(422) },
});

/** As it is described; a POST has a body. */
const things = (method: string) =>
  complete({ ...doThings, ...(method === 'POST' ? { method, body: z.unknown() } : {}) });

type Handler = (call: Call<typeof doThings>) => Promise<Replied>;
type Headers = Readonly<Record<string, string>>;

const answerSchema = z.object({
  status: z.number().default(200),
  jsonBody: z.unknown().optional(),
  headers: z.record(z.string(), z.string()),
});
const errorCode = (body: unknown) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;

interface WorldOptions {
  /** Who signs for the tenant that the header `x-tenant` names. */
  readonly isSigned?: boolean;
  readonly limits?: CallLimitSettings;
  readonly faultAt?: (step: string) => Fault;
}

async function createWorld(
  answer: Handler,
  { limits = plainAccess.limits, faultAt, isSigned = false }: WorldOptions = {},
) {
  const [clock, telemetry, keys] = [createClock(), createRecordingTelemetry(), createFakeApiKeyStore()];
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  const { key, text } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, clock.now());
  const other = newApiKey({ name: 'Script', tenants: '*', scopes: ['records.read'] }, clock.now());
  for (const each of [key, other.key]) await keys.create(each);
  const [log, faults] = [createFakeAccessLog(), createFaults(faultAt)];
  const deps = {
    ...createFakeHttpDeps(clock.now),
    tenants,
    access: createAccess({
      ...plainAccess,
      keys,
      tenants,
      telemetry: telemetry.telemetry,
      now: clock.now,
      limits,
    }),
    ...{ telemetry: telemetry.telemetry, now: clock.now },
    accessLog: faults.inject('accessLog', log),
    idempotency: createIdempotency({
      store: createFakeIdempotencyStore(),
      signingKeys: [Buffer.alloc(32, 1)],
      now: clock.now,
    }),
  };
  const send = async (
    options: HttpFunctionOptions,
    { method = 'GET', query = '', headers = {}, body, tenantId }: Sent = {},
  ) => {
    const request = new HttpRequest({
      ...{ method, url: `https://auditkeep.example/api/things${query}` },
      headers: { 'x-api-key': text, 'content-type': 'application/json', ...headers },
      params: tenantId === undefined ? {} : { tenantId },
      ...(body === undefined ? {} : { body: { string: body } }),
    });
    const context = new InvocationContext({ functionName: 'do-things', logHandler: () => undefined });
    const given = await options.handler(request, context);
    await expectDescribedInit(request, given, things(request.method));
    return answerSchema.parse(given);
  };
  const identify = (_deps: HttpDeps, request: ApiRequest): Promise<Caller> =>
    Promise.resolve(
      callerWith('webhook', { tenants: request.headers.get('x-tenant') ?? '', scopes: ['records.read'] }),
    );
  const bound = handler(doThings, (_deps: HttpDeps, call) => answer(call), isSigned ? identify : undefined);
  const route = served(deps, bound);
  return {
    ...{ clock, telemetry, deps, entries: log.entries, keyId: key.id, otherKey: other.text },
    call: (sent?: Sent) => send(route, sent),
    callAs: (headers: Headers) => send(route, { headers }),
  };
}

interface Sent {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Headers;
  readonly body?: string;
  readonly tenantId?: string;
}

interface Given {
  readonly status?: 200 | 201 | 202;
  readonly headers?: { readonly ETag?: string; readonly Location?: string };
}

const ok =
  (body: unknown, { status = 200, headers = {} }: Given = {}): Handler =>
  ({ reply }) =>
    Promise.resolve(reply(status, body, headers));
const refuse = (status: number, code: string) => () =>
  Promise.reject(new RequestError(status, code, 'Do this.'));

describe('an answer', () => {
  it('with a single resource has an ETag, and is not sent again to a client that has it', async () => {
    const { call } = await createWorld(ok({ id: 'a', size: 1 }));
    const etag = (await call()).headers['etag'] ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await call({ headers: { 'if-none-match': known } });
      expect([again.status, again.jsonBody, again.headers['etag']]).toEqual([304, undefined, etag]);
    }
    expect(await call({ headers: { 'if-none-match': '"other"' } })).toMatchObject({ status: 200 });
  });

  it('that is a list, an error or the answer to a POST has no ETag', async () => {
    for (const handler of [
      ok({ value: [] }),
      ok({ id: 'a' }, { status: 202 }),
      refuse(404, 'RecordNotFound'),
    ]) {
      const { call } = await createWorld(handler);
      expect((await call()).headers['etag']).toBeUndefined();
    }
    const { call } = await createWorld(ok({ id: 'a' }));
    expect((await call({ method: 'POST' })).headers['etag']).toBeUndefined();
  });

  it('that has its own ETag keeps it', async () => {
    const { call } = await createWorld(ok({ id: 'a' }, { headers: { ETag: '"own"' } }));
    expect((await call()).headers['etag']).toBe('"own"');
    expect((await call({ headers: { 'if-none-match': '"own"' } })).status).toBe(304);
  });

  it('continues the trace of the caller', async () => {
    const { call } = await createWorld(ok({}));
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const continued = await call({ headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
    expect(continued.headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(continued.headers['traceparent']).not.toContain('00f067aa0ba902b7');
    const wrong = ['x', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `ff-${traceId}-00f067aa0ba902b7-01`];
    for (const traceparent of wrong)
      expect((await call({ headers: { traceparent } })).headers['traceparent']).toBeUndefined();
  });
});

describe('a version of the interface', () => {
  it('is the only one there is, or absent; any other is refused', async () => {
    const { call } = await createWorld(ok({}));
    for (const query of ['', '?api-version=2026-11-01']) expect((await call({ query })).status).toBe(200);
    for (const query of ['1', '', '2026-11-01&api-version=2026-11-01']) {
      const refused = await call({ query: `?api-version=${query}` });
      expect([refused.status, errorCode(refused.jsonBody)]).toEqual([400, 'InvalidParameter']);
    }
  });
});

describe('an error', () => {
  it('is problem+json for clients that accept it, with the same members', async () => {
    const { call } = await createWorld(refuse(404, 'RecordNotFound'));
    const answer = await call({ headers: { accept: 'application/json;q=0.5, application/problem+json' } });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-ms-error-code': 'RecordNotFound',
    });
    expect(answer.jsonBody).toEqual({
      ...{ type: 'urn:auditkeep:error:RecordNotFound', title: 'Not Found', status: 404, detail: 'Do this.' },
      ...{ code: 'RecordNotFound', requestId: answer.headers['x-ms-request-id'] },
    });
  });

  it('is used as well when the handler answers with an error, with its details', async () => {
    const error = { code: 'EnablementFailed', message: 'No.', details: [{ code: 'X', message: 'Y' }] };
    const { call } = await createWorld(({ reply }) => Promise.resolve(reply(422, { error })));
    const answer = await call({ headers: { accept: 'application/problem+json' } });
    expect(answer.jsonBody).toMatchObject({ status: 422, detail: 'No.', details: error.details });
  });

  it.each(['', '*/*', 'application/json', 'application/problem+json;q=0'])(
    'stays as it is for Accept: %j',
    async (accept) => {
      const { call } = await createWorld(refuse(404, 'RecordNotFound'));
      const answer = await call({ headers: { accept } });
      expect(answer.jsonBody).toEqual({ error: { code: 'RecordNotFound', message: 'Do this.' } });
    },
  );
});

describe('an Accept header that cannot be served', () => {
  it('is refused before anything is done, and after access control', async () => {
    let calls = 0;
    const { call, callAs } = await createWorld(({ reply }) => {
      calls++;
      return Promise.resolve(reply(200, {}));
    });
    const refused = await call({ headers: { accept: 'text/csv' } });
    expect([refused.status, errorCode(refused.jsonBody)]).toEqual([406, 'NotAcceptable']);
    expect((await callAs({ accept: 'text/csv', 'x-api-key': 'ak_nothing' })).status).toBe(401);
    expect(calls).toBe(0);
    expect((await call({ headers: { accept: 'text/csv, application/*' } })).status).toBe(200);
  });
});

describe('the access log', () => {
  const plain = (entry: AccessLogEntry | undefined) => entry && { ...entry, requestId: undefined };

  it('has caller, operation, tenant and names of parameters, never their values', async () => {
    const { call, clock, entries, keyId } = await createWorld(ok({}));
    const query = '?users=anna@fabrikam.example&top=1&bob@adatum.example=1&$filter=x';
    const answer = await call({ query, tenantId: fabrikamId.toUpperCase() });
    expect(entries).toHaveLength(1);
    expect(entries[0]?.requestId).toBe(answer.headers['x-ms-request-id']);
    expect(plain(entries[0])).toEqual({
      ...{ at: clock.now(), requestId: undefined, caller: keyId, action: 'do-things', tenantId: fabrikamId },
      ...{ outcome: 'accepted', parameters: ['users', 'top', '?', '$filter'] },
    });
    expect(JSON.stringify(entries)).not.toMatch(/anna|bob/);
  });

  it('has one entry for each tenant that a call opened', async () => {
    const { call, deps, entries } = await createWorld(async ({ caller, reply }) => {
      for (const tenantId of [fabrikamId, adatumId, fabrikamId])
        await deps.access.openTenant(caller, tenantId, 'records.read');
      return reply(200, {});
    });
    await call();
    expect(entries.map(({ tenantId, outcome }) => [tenantId, outcome])).toEqual([
      [fabrikamId, 'accepted'],
      [adatumId, 'accepted'],
    ]);
  });

  it('has refusals with their code, each call once, and failures as such', async () => {
    const refused = await createWorld(refuse(404, 'RecordNotFound'));
    await refused.call({ tenantId: fabrikamId });
    await refused.call({ tenantId: 'nonsense' });
    await refused.callAs({ 'x-api-key': 'nonsense' });
    expect(
      refused.entries.map(({ outcome, code, caller, tenantId }) => [outcome, code, caller, tenantId]),
    ).toEqual([
      ['refused', 'RecordNotFound', refused.keyId, fabrikamId],
      ['refused', 'RecordNotFound', refused.keyId, undefined],
      ['refused', 'Unauthorized', undefined, undefined],
    ]);
    const failed = await createWorld(() => Promise.reject(new Error('A secret.')));
    expect((await failed.call({ tenantId: fabrikamId })).status).toBe(500);
    expect(failed.entries).toMatchObject([{ outcome: 'failed', code: 'InternalError' }]);
  });

  it('that cannot be written fails the call', async () => {
    for (const tenantId of [fabrikamId, undefined]) {
      const away = new Error('Storage is away.');
      const { call } = await createWorld(ok({ secret: 1 }), { faultAt: () => away });
      const answer = await call(tenantId === undefined ? {} : { tenantId });
      expect([answer.status, errorCode(answer.jsonBody)]).toEqual([500, 'InternalError']);
    }
  });

  it('is written while the handler runs when the path names the tenant', async () => {
    const order: string[] = [];
    const world = await createWorld(
      async ({ reply }) => {
        await new Promise<void>((resolve) => setImmediate(resolve));
        order.push('work');
        return reply(200, {});
      },
      { faultAt: (step) => void order.push(step) },
    );
    await world.call({ tenantId: fabrikamId });
    expect(order).toEqual(['accessLog.append', 'work']);
  });
});

describe('a POST with an idempotency key', () => {
  const body = '{"a":1}';
  const keyed = (key: string, more: Headers = {}) => ({ 'idempotency-key': key, ...more });

  async function createCounter(
    answer: (count: number) => Given & { readonly jsonBody: unknown } = (count) => ({
      status: 201,
      jsonBody: { count },
    }),
  ) {
    let count = 0;
    const world = await createWorld(async ({ request, reply }) => {
      await readBody(request, z.unknown());
      count += 1;
      const { status = 200, jsonBody, headers = {} } = answer(count);
      return reply(status, jsonBody, headers);
    });
    return { ...world, count: () => count };
  }

  it('runs once, and gets the same answer each time except for the request id', async () => {
    const world = await createCounter((count) => ({
      status: 201,
      jsonBody: { count },
      headers: { Location: '/x' },
    }));
    const sent = { method: 'POST', body, headers: keyed('order-1') };
    const [first, second] = [await world.call(sent), await world.call(sent)];
    expect(first).toMatchObject({ status: 201, jsonBody: { count: 1 }, headers: { location: '/x' } });
    expect(first.headers['repeatability-result']).toBe('accepted');
    expect({ ...second, headers: { ...second.headers, 'x-ms-request-id': '' } }).toEqual({
      ...first,
      headers: { ...first.headers, 'x-ms-request-id': '' },
    });
    expect(world.count()).toBe(1);
    expect(world.entries).toHaveLength(2);
  });

  it('accepts the header name that Azure uses', async () => {
    const world = await createCounter();
    const firstSent = world.clock.now().toUTCString();
    const azure = { 'repeatability-request-id': 'order-1', 'repeatability-first-sent': firstSent };
    for (const headers of [azure, keyed('order-1'), { ...azure, ...keyed('order-1') }])
      expect((await world.call({ method: 'POST', body, headers })).jsonBody).toEqual({ count: 1 });
    const both = { ...azure, ...keyed('order-2') };
    expect((await world.call({ method: 'POST', body, headers: both })).status).toBe(400);
    world.clock.advance(25 * hourMs);
    const late = await world.call({ method: 'POST', body, headers: azure });
    expect([late.status, errorCode(late.jsonBody)]).toEqual([412, 'RepeatabilityWindowPassed']);
    expect(late.headers['repeatability-result']).toBe('rejected');
  });

  it('is refused with another body, and runs again with another key or for another caller', async () => {
    const world = await createCounter();
    await world.call({ method: 'POST', body, headers: keyed('order-1') });
    const reused = await world.call({ method: 'POST', body: '{"a":2}', headers: keyed('order-1') });
    expect([reused.status, errorCode(reused.jsonBody)]).toEqual([422, 'IdempotencyKeyReused']);
    for (const headers of [keyed('order-2'), keyed('order-1', { 'x-api-key': world.otherKey })])
      expect((await world.call({ method: 'POST', body, headers })).status).toBe(201);
    expect(world.count()).toBe(3);
  });

  it('waits for the first one while that is still running', async () => {
    const world = await createCounter();
    const sent = { method: 'POST', body, headers: keyed('order-1') };
    const answers = await Promise.all([1, 2, 3].map(() => world.call(sent)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const waiting = answers.find(({ status }) => status === 409);
    expect([errorCode(waiting?.jsonBody), waiting?.headers['retry-after']]).toEqual([
      'RequestInProgress',
      '5',
    ]);
    expect((await world.call(sent)).jsonBody).toEqual({ count: 1 });
  });

  it('is retried after an error, and a day later', async () => {
    const world = await createCounter((count) => {
      if (count === 1) throw new RequestError(409, 'EnablementInProgress', 'Later.');
      return { status: 202, jsonBody: { count } };
    });
    const sent = { method: 'POST', body, headers: keyed('order-1') };
    expect([(await world.call(sent)).status, (await world.call(sent)).status]).toEqual([409, 202]);
    world.clock.advance(24 * hourMs);
    expect((await world.call(sent)).jsonBody).toEqual({ count: 2 });
    world.clock.advance(1);
    expect((await world.call(sent)).jsonBody).toEqual({ count: 3 });
  });

  it('is refused with an invalid key, and with a body that is too large', async () => {
    const world = await createCounter();
    for (const key of ['', 'a b', 'x'.repeat(256)])
      expect((await world.call({ method: 'POST', body, headers: keyed(key) })).status).toBe(400);
    const large = JSON.stringify('x'.repeat(70_000));
    expect((await world.call({ method: 'POST', body: large, headers: keyed('order-1') })).status).toBe(413);
    expect(world.count()).toBe(0);
  });
});

describe('a caller who calls too often', () => {
  it('is throttled alone, and may continue afterwards', async () => {
    const limits = { callsPerMinute: 3, failuresPerMinute: 100, queriesPerCaller: 9 };
    const world = await createWorld(ok({}), { limits });
    const statuses = [1, 2, 3, 4].map(async () => (await world.call()).status);
    expect((await Promise.all(statuses)).sort()).toEqual([200, 200, 200, 429]);
    const answer = await world.call();
    expect([errorCode(answer.jsonBody), answer.headers['retry-after']]).toEqual(['TooManyRequests', '20']);
    expect((await world.callAs({ 'x-api-key': world.otherKey })).status).toBe(200);
    expect(world.entries.at(-2)).toMatchObject({
      caller: world.keyId,
      outcome: 'refused',
      code: 'TooManyRequests',
    });
    world.clock.advance(20_000);
    expect([(await world.call()).status, (await world.call()).status]).toEqual([200, 429]);
  });
});

describe('a caller who guesses keys', () => {
  const guess = (id: string, address: string) => ({
    'x-api-key': `ak_${id}_${'x'.repeat(43)}`,
    'x-forwarded-for': `192.0.2.200, ${address}:4711`,
  });

  it('is throttled per key, while the right key continues to work, also from the same address', async () => {
    const limits = { callsPerMinute: 100, failuresPerMinute: 2, queriesPerCaller: 9 };
    const world = await createWorld(ok({}), { limits });
    const answers: Awaited<ReturnType<typeof world.call>>[] = [];
    for (let count = 0; count < 4; count++)
      answers.push(await world.callAs(guess(world.keyId, '198.51.100.7')));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429, 429]);
    expect(answers.at(-1)?.headers['retry-after']).toBe('30');
    expect((await world.callAs({ 'x-forwarded-for': '198.51.100.7' })).status).toBe(200);
  });

  it('does not avoid the limit by trying another key each time', async () => {
    const limits = { callsPerMinute: 100, failuresPerMinute: 2, queriesPerCaller: 9 };
    const world = await createWorld(ok({}), { limits });
    const statuses: number[] = [];
    for (const id of ['1', '2', '3', '4'].map((digit) => digit.repeat(16)))
      statuses.push((await world.callAs(guess(id, '2001:db8::1'))).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
  });
});

describe('signers for different tenants, who all have one id,', () => {
  const signed = (tenant: string, body: string) => ({
    ...{ method: 'POST', body },
    headers: { 'x-tenant': tenant, 'idempotency-key': 'order-1' },
  });

  it('do not affect each other, neither by keys nor by how often they call', async () => {
    const limits = { callsPerMinute: 1, failuresPerMinute: 9, queriesPerCaller: 9 };
    const world = await createWorld(ok({}, { status: 202 }), { limits, isSigned: true });
    const answers = [
      await world.call(signed(fabrikamId, '{"a":1}')),
      await world.call(signed(adatumId, '{"a":2}')),
      await world.call(signed(adatumId, '{"a":2}')),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
  });
});
