import { startSignedEnablementHandler } from '../../../functions/enablement/signed-enablement.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type ApiKey } from '../../../shared/access/api-keys.ts';
import { createCapabilities } from '../../../shared/access/capability-token.ts';
import type { CallLimitSettings } from '../../../shared/access/call-limits.ts';
import { serve } from '../../../shared/http/serve.ts';
import { createLiveWebhookSecrets, secretOfGeneration } from '../../../shared/access/webhook-secrets.ts';
import { createFakeWebhookGenerationStore } from '../../support/fakes/webhook-generation-store.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { createEnablementWorld } from '../../support/enablement-world.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeAccessLog, createFakeWebhookLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const signingKey = Buffer.alloc(32, 3);

const answerSchema = z.object({
  status: z.number(),
  jsonBody: z.unknown(),
  headers: z.record(z.string(), z.string()),
});

function createWorld(limits: CallLimitSettings = plainAccess.limits) {
  const world = createEnablementWorld();
  const keys = createFakeApiKeyStore();
  const [accessLog, webhooks] = [createFakeAccessLog(), createFakeWebhookLog()];
  const tenants = createFakeTenantStore([world.tenant, tenantNamed('Adatum', { tenantId: adatumId })]);
  const access = createAccess({
    ...plainAccess,
    limits,
    keys,
    tenants,
    telemetry: world.telemetry.telemetry,
    now: world.clock.now,
  });
  const depsOf = (faults: Faults = createFaults()) => ({
    ...createFakeHttpDeps(world.clock.now),
    ...world.depsOf(faults),
    ...{
      tenants,
      webhookSecrets: createLiveWebhookSecrets({
        signingKeys: [signingKey],
        generations: createFakeWebhookGenerationStore(),
        now: world.clock.now,
      }),
      accessLog: faults.inject('accessLog', accessLog),
      webhooks: faults.inject('webhooks', webhooks),
    },
    capabilities: createCapabilities({
      ...{ signingKeys: [signingKey], keys, tenants: world.tenants, now: world.clock.now },
    }),
    access,
  });
  const send = async (
    body: string,
    headers: Readonly<Record<string, string>>,
    faults: Faults = createFaults(),
  ) => {
    const request = new HttpRequest({
      method: 'POST',
      url: 'https://auditkeep.example/api/webhooks/enablement',
      headers: { 'content-type': 'application/json', ...headers },
      body: { string: body },
    });
    const context = new InvocationContext({ functionName: 'receive', logHandler: () => undefined });
    const response = await served(depsOf(faults), startSignedEnablementHandler).handler(request, context);
    await expectDescribedInit(request, response);
    const { status, jsonBody, headers: answered } = answerSchema.parse(response);
    return { status, body: jsonBody, location: answered['location'] ?? null };
  };
  /** @returns the status for a request whose body must not be touched */
  const sendUnreadable = async (headers: Readonly<Record<string, string>>) => {
    const request = {
      ...{ method: 'POST', url: 'https://auditkeep.example/api/webhooks/enablement', params: {} },
      headers: new Headers({ 'content-type': 'application/json', ...headers }),
      query: new URLSearchParams(),
      get body(): never {
        throw new Error('The body was read.');
      },
    };
    const invocation = { functionName: 'receive', invocationId: 'invocation-1', error: () => undefined };
    const { status } = await serve(depsOf(), startSignedEnablementHandler)(request, invocation);
    return status;
  };
  const headersOf = (body: string, id: string, tenants: string = fabrikamId) => {
    const timestamp = String(Math.floor(world.clock.now().getTime() / 1000));
    const key = Buffer.from(secretOfGeneration(signingKey, tenants, 1).slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  };
  const issueKey = async (changes: Partial<ApiKey> = {}) => {
    const scopes = ['auditing.enable'] as const;
    const { key, text } = newApiKey({ name: 'Flow', tenants: fabrikamId, scopes }, world.clock.now());
    await keys.create({ ...key, ...changes });
    return text;
  };
  const outcomes = () => accessLog.entries.map(({ outcome, code }) => code ?? outcome);
  return { ...world, accessLog, send, sendUnreadable, headersOf, issueKey, outcomes };
}

const bodyOf = (changes: object = {}, tenantId = fabrikamId) =>
  JSON.stringify({ tenantId, dryRun: true, ...changes });

describe('a signed webhook', () => {
  it('starts an enablement and returns its address', async () => {
    const world = createWorld();
    const answer = await world.send(bodyOf(), world.headersOf(bodyOf(), 'msg_1'));
    expect(answer).toMatchObject({ status: 202, body: { tenantId: fabrikamId, dryRun: true } });
    expect(answer.location).toMatch(
      new RegExp(`^https://auditkeep\\.example/api/tenants/${fabrikamId}/enablements/[0-9a-f-]{36}/result$`),
    );
    expect(world.queues.waiting()).toHaveLength(1);
    expect(world.accessLog.entries).toMatchObject([
      {
        ...{ at: world.clock.now(), action: 'receive', outcome: 'accepted' },
        ...{ caller: 'webhook', tenantId: fabrikamId },
      },
    ]);
  });

  it('may be signed with the secret of all tenants', async () => {
    const world = createWorld();
    expect((await world.send(bodyOf(), world.headersOf(bodyOf(), 'msg_1', '*'))).status).toBe(202);
  });

  it('sent again gets the same answer and starts nothing, even when the enablement has finished', async () => {
    const world = createWorld();
    const headers = world.headersOf(bodyOf(), 'msg_1');
    const [first, again] = [await world.send(bodyOf(), headers), await world.send(bodyOf(), headers)];
    expect(again).toEqual(first);
    await world.drain();
    const later = await world.send(bodyOf(), headers);
    expect([later.status, later.location]).toEqual([202, first.location]);
    expect(world.telemetry.of('operations.operation.started')).toHaveLength(1);
  });

  it('twice at once starts one', async () => {
    const world = createWorld();
    const headers = world.headersOf(bodyOf(), 'msg_1');
    const answers = await Promise.all([1, 2, 3].map(() => world.send(bodyOf(), headers)));
    expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  });

  it.each(['webhooks.remember', 'enablements.create', 'queues.requestOperationRun', 'accessLog.append'])(
    'sent again after a crash in %s starts what was meant',
    async (step) => {
      const world = createWorld();
      const headers = world.headersOf(bodyOf(), 'msg_1');
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const faults = createFaults((name) => (name === step ? fault : undefined));
        expect((await world.send(bodyOf(), headers, faults)).status).toBe(500);
      }
      const answer = await world.send(bodyOf(), headers);
      expect(answer.status).toBe(202);
      expect(await world.enablements.list(fabrikamId, 9)).toHaveLength(1);
    },
  );

  it('may use an id that another tenant has used', async () => {
    const world = createWorld();
    const theirs = bodyOf({}, adatumId);
    await world.send(theirs, world.headersOf(theirs, 'msg_1', adatumId));
    const answer = await world.send(bodyOf(), world.headersOf(bodyOf(), 'msg_1'));
    expect(answer).toMatchObject({ status: 202, body: { tenantId: fabrikamId } });
  });

  it('while one is running is refused with 409, and may be sent again later', async () => {
    const world = createWorld();
    const { id } = await world.start({ dryRun: true });
    const answer = await world.send(bodyOf(), world.headersOf(bodyOf(), 'msg_1'));
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'EnablementInProgress' } } });
    expect(JSON.stringify(answer.body)).toContain(id);
    await world.drain();
    expect((await world.send(bodyOf(), world.headersOf(bodyOf(), 'msg_1'))).status).toBe(202);
  });

  it('is refused if its body is invalid', async () => {
    const world = createWorld();
    for (const body of [
      bodyOf({ surprise: 1 }),
      bodyOf({ auditLogAgeDays: 0 }),
      bodyOf({ owner: ['x y'] }),
    ]) {
      expect((await world.send(body, world.headersOf(body, 'msg_1'))).status).toBe(400);
    }
    for (const body of ['', '[]', '{"tenantId":"x"}', '{']) {
      expect((await world.send(body, world.headersOf(body, 'msg_1', '*'))).status).toBe(400);
    }
    expect(world.telemetry.of('operations.operation.started')).toEqual([]);
  });

  it('for a tenant that does not exist is answered as if it were not theirs', async () => {
    const world = createWorld();
    const body = bodyOf({}, '3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063');
    expect((await world.send(body, world.headersOf(body, 'msg_1', '*'))).status).toBe(404);
  });
});

describe('a client key', () => {
  it('starts an enablement where it has the scope and the tenant, as often as it is sent', async () => {
    const world = createWorld();
    const key = { 'x-api-key': await world.issueKey() };
    expect((await world.send(bodyOf(), key)).status).toBe(202);
    await world.drain();
    expect((await world.send(bodyOf(), key)).status).toBe(202);
    expect(world.outcomes()).toEqual(['accepted', 'accepted']);
  });

  it('that may read gets an address that works without the key', async () => {
    const world = createWorld();
    const scopes = ['auditing.enable', 'records.read'] as const;
    const answer = await world.send(bodyOf(), { 'x-api-key': await world.issueKey({ scopes }) });
    expect(answer.location).toMatch(/\/enablements\/[0-9a-f-]{36}\/result\?t=.{80,}$/);
  });

  it('is refused without the scope, for another tenant, and when invalid, even if the body is signed', async () => {
    const world = createWorld();
    const reader = await world.issueKey({ scopes: ['records.read'] });
    const theirs = await world.issueKey({ tenants: adatumId });
    const signed = world.headersOf(bodyOf(), 'msg_1');
    const statuses: unknown[] = [];
    for (const key of [reader, theirs, 'ak_wrong', ''])
      statuses.push((await world.send(bodyOf(), { ...signed, 'x-api-key': key })).status);
    expect(statuses).toEqual([403, 404, 401, 401]);
    expect(world.outcomes()).toEqual(['Forbidden', 'TenantNotFound', 'Unauthorized', 'Unauthorized']);
    expect(world.queues.waiting()).toEqual([]);
  });
});

describe('an attack', () => {
  it('is refused in the same way, starts nothing, and is logged', async () => {
    const world = createWorld();
    world.clock.advance(5 * minuteMs + 1000);
    const early = world.headersOf(bodyOf(), 'msg_1');
    world.clock.advance(-5 * minuteMs - 1000);
    const good = world.headersOf(bodyOf(), 'msg_1');
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = good;
    const attacks: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      [bodyOf({ dryRun: false }), good],
      [`${bodyOf()} `, good],
      [bodyOf({}, adatumId), good],
      [bodyOf({}, adatumId), world.headersOf(bodyOf({}, adatumId), 'msg_1', fabrikamId)],
      ['{', world.headersOf('{', 'msg_1', fabrikamId)],
      [bodyOf(), early],
      [bodyOf(), {}],
      [bodyOf(), { 'webhook-id': id, 'webhook-timestamp': timestamp }],
      [bodyOf(), { 'webhook-id': id, 'webhook-signature': signature }],
      [bodyOf(), { 'webhook-timestamp': timestamp, 'webhook-signature': signature }],
      [bodyOf(), { ...good, 'webhook-signature': signature.replace('v1,', 'v1a,') }],
    ];
    const answers: unknown[] = [];
    for (const [body, headers] of attacks) answers.push(await world.send(body, headers));
    world.clock.advance(5 * minuteMs + 1000);
    answers.push(await world.send(bodyOf(), good));
    const unsigned = {
      code: 'Unauthorized',
      message:
        'Invalid webhook signature. Sign {webhook-id}.{webhook-timestamp}.{body} with the secret, at most 5 minutes before sending.',
    };
    expect(answers).toEqual(answers.map(() => ({ status: 401, body: { error: unsigned }, location: null })));
    expect(world.outcomes()).toEqual(answers.map(() => 'Unauthorized'));
    expect(world.queues.waiting()).toEqual([]);
    expect(await world.enablements.list(fabrikamId, 9)).toEqual([]);
  });

  it('is refused without reading its body if its headers prove nothing', async () => {
    const world = createWorld();
    const good = world.headersOf('', 'msg_1');
    const old = { ...good, 'webhook-timestamp': '1' };
    for (const headers of [{}, old, { ...good, 'webhook-signature': 'v2,x' }, { 'x-api-key': 'ak_wrong' }])
      expect(await world.sendUnreadable(headers)).toBe(401);
  });

  it('from an address over its limit is refused without reading its body', async () => {
    const world = createWorld({ ...plainAccess.limits, failuresPerMinute: 2 });
    const headers = { ...world.headersOf('', 'msg_1'), 'x-forwarded-for': '192.0.2.1' };
    for (let each = 0; each < 3; each++) await world.send('{}', headers);
    expect(await world.sendUnreadable(headers)).toBe(429);
    const elsewhere = { ...world.headersOf(bodyOf(), 'msg_2'), 'x-forwarded-for': '192.0.2.2' };
    expect((await world.send(bodyOf(), elsewhere)).status).toBe(202);
  });

  it('with an oversized body is refused, whatever the signature', async () => {
    const world = createWorld();
    const large = bodyOf({ owner: ['x'.repeat(70_000)] });
    const signed = world.headersOf(large, 'msg_1');
    for (const headers of [signed, { ...signed, 'webhook-signature': 'v1,AAAA' }])
      expect(await world.send(large, headers)).toMatchObject({
        status: 413,
        body: { error: { code: 'BodyTooLarge' } },
      });
    expect(world.outcomes()).toEqual(['BodyTooLarge', 'BodyTooLarge']);
    expect(world.queues.waiting()).toEqual([]);
  });

  it('by replay starts nothing within a day, and fails afterwards as the signature has expired', async () => {
    const world = createWorld();
    const headers = world.headersOf(bodyOf(), 'msg_1');
    await world.send(bodyOf(), headers);
    await world.drain();
    world.clock.advance(4 * minuteMs);
    await world.send(bodyOf(), headers);
    world.clock.advance(25 * hourMs);
    expect((await world.send(bodyOf(), headers)).status).toBe(401);
    expect(world.telemetry.of('operations.operation.started')).toHaveLength(1);
  });
});
