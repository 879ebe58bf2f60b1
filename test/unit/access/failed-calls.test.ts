/** Calls without a valid credential: what they may cost, and whom they must not lock out. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, newSecret, type ApiKey } from '../../../shared/access/api-keys.ts';
import { json } from '../../../shared/api/answers.ts';
import { operation } from '../../../shared/api/operation.ts';
import { handler } from '../../../shared/http/handler.ts';
import * as z from 'zod';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { served } from '../../support/served.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';

const doThings = operation('ListTenants', ['GET', 'tenants'], {
  area: 'Description',
  audience: { scope: 'records.read' },
  summary: 'Things',
  description: 'Does things.',
  answers: { 200: json('Nothing.', z.strictObject({})) },
});

const statusSchema = z.object({ status: z.number().default(200), headers: z.record(z.string(), z.string()) });
const failuresPerMinute = 3;
const office = '198.51.100.7';

function createWorld() {
  const [clock, store, faults] = [createClock(), createFakeApiKeyStore(), createFaults()];
  const [reports, accessLog] = [createRecordingTelemetry(), createFakeAccessLog()];
  const base = { telemetry: reports.telemetry, now: clock.now };
  const tenants = faults.inject(
    'tenants',
    createFakeTenantStore([tenantNamed('Fabrikam', { tenantId: fabrikamId })]),
  );
  const verify = (token: string) =>
    Promise.resolve(
      token.startsWith('good')
        ? {
            tenantId: fabrikamId,
            objectId: token.slice(0, 6),
            roles: ['Records.Read'],
            identity: { kind: 'EntraApplication' } as const,
          }
        : undefined,
    );
  const access = createAccess({
    ...base,
    ...{ keys: faults.inject('keys', store), tenants },
    tokens: { verifier: faults.inject('verifier', { verify }), publisherId: 'none' },
    limits: { ...plainAccess.limits, failuresPerMinute },
  });
  const deps = { ...createFakeHttpDeps(clock.now), ...base, access, accessLog };
  const things = served(
    deps,
    handler(doThings, (_deps, { reply }) => reply(200, {})),
  );
  const send = async (headers: Readonly<Record<string, string>>) => {
    const request = new HttpRequest({ method: 'GET', url: 'https://auditkeep.example/api/tenants', headers });
    const context = new InvocationContext({ functionName: 'list-tenants', logHandler: () => undefined });
    return statusSchema.parse(await things.handler(request, context));
  };
  const issue = async (changes: Partial<ApiKey> = {}) => {
    const made = newApiKey({ name: 'Reader', tenants: '*', scopes: ['records.read'] }, clock.now());
    await store.create({ ...made.key, lastUsedDateTime: clock.now(), ...changes });
    return { id: made.key.id, text: made.text };
  };
  return {
    ...{ clock, store, issue, steps: faults.steps, entries: accessLog.entries },
    refused: () => reports.of('access.request.refused').length,
    call: async (apiKey: string, address = office) =>
      (await send({ 'x-api-key': apiKey, 'x-forwarded-for': address })).status,
    callWithToken: async (token: string, address = office) =>
      (await send({ authorization: `Bearer ${token}.a.b`, 'x-forwarded-for': address })).status,
  };
}

type World = ReturnType<typeof createWorld>;

const unknownKey = (digit: number) => `ak_${String(digit).padStart(16, '0')}_${'x'.repeat(43)}`;
const wrongSecret = (id: string) => `ak_${id}_${'x'.repeat(43)}`;

async function exhaust(world: World, address = office): Promise<void> {
  for (let count = 0; count < failuresPerMinute; count++)
    expect(await world.call(unknownKey(count), address)).toBe(401);
}

describe('an address over its limit', () => {
  it('is refused before anything is looked up, whatever it sends', async () => {
    const world = createWorld();
    const { text } = await world.issue();
    await exhaust(world);
    const before = [...world.steps];
    expect([await world.call(unknownKey(9)), await world.call('nonsense'), await world.call(text)]).toEqual([
      429, 429, 429,
    ]);
    expect([await world.callWithToken('bad'), await world.callWithToken('good-1')]).toEqual([429, 429]);
    expect(world.steps).toEqual(before);
    expect(world.entries.at(-1)).toMatchObject({ code: 'TooManyRequests', clientAddress: office, count: 1 });
  });

  it('may continue with credentials that were accepted before, as long as they are valid', async () => {
    const world = createWorld();
    const { id, text } = await world.issue();
    expect([await world.call(text), await world.callWithToken('good-1')]).toEqual([200, 200]);
    await exhaust(world);
    expect([await world.call(text), await world.callWithToken('good-1')]).toEqual([200, 200]);
    expect(await world.callWithToken('good-2')).toBe(429);
    const key = await world.store.get(id);
    if (key !== undefined) await world.store.update(key, { revokedDateTime: world.clock.now() });
    world.clock.advance(minuteMs + 1);
    await exhaust(world);
    expect(await world.call(text)).toBe(401);
    const before = [...world.steps];
    expect(await world.call(text)).toBe(429);
    expect(world.steps).toEqual(before);
  });

  it('is all of the /64 network of an IPv6 address, and no other', async () => {
    const world = createWorld();
    const { text } = await world.issue();
    for (let count = 0; count < failuresPerMinute; count++)
      expect(await world.call(unknownKey(count), `[2001:db8::${count + 1}]:4711`)).toBe(401);
    expect(await world.call(text, '2001:db8::ffff:1')).toBe(429);
    expect(await world.call(text, '2001:db8:0:1::1')).toBe(200);
  });
});

describe('wrong secrets for a key that exists', () => {
  it('do not lock out the right key, nor any other, behind the same address', async () => {
    const world = createWorld();
    const [attacked, other] = [await world.issue(), await world.issue()];
    for (let count = 0; count < 20; count++) await world.call(wrongSecret(attacked.id));
    expect([await world.call(attacked.text), await world.call(other.text)]).toEqual([200, 200]);
    world.clock.advance(hourMs);
    for (let count = 0; count < 20; count++) await world.call(wrongSecret(attacked.id));
    expect([await world.call(attacked.text), await world.call(other.text)]).toEqual([200, 200]);
  });

  it.each([
    ['an expired key', (at: Date): Partial<ApiKey> => ({ expiresDateTime: at })],
    ['a revoked key', (at: Date): Partial<ApiKey> => ({ revokedDateTime: at })],
  ])('includes the secret of %s', async (_what, ended) => {
    const world = createWorld();
    const [old, other] = [await world.issue(ended(world.clock.now())), await world.issue()];
    for (let count = 0; count < 20; count++) expect(await world.call(old.text)).not.toBe(200);
    expect(await world.call(other.text)).toBe(200);
  });

  it('cost a few look-ups and reports a minute, then are answered from memory with 429', async () => {
    const world = createWorld();
    const { id } = await world.issue();
    const statuses: number[] = [];
    for (let count = 0; count < 50; count++)
      statuses.push(await world.call(wrongSecret(id), `198.51.100.${count}`));
    expect(statuses.slice(0, 4)).toEqual([401, 401, 401, 429]);
    expect(new Set(statuses.slice(3))).toEqual(new Set([429]));
    expect(world.steps.filter((step) => step === 'keys.get').length).toBeLessThanOrEqual(
      failuresPerMinute + 1,
    );
    expect(world.refused()).toBe(failuresPerMinute);
  });

  it('delay a new secret by a minute at most', async () => {
    const world = createWorld();
    const { id } = await world.issue();
    for (let count = 0; count < 20; count++) await world.call(wrongSecret(id));
    const { hash, text } = newSecret(id);
    const key = await world.store.get(id);
    if (key !== undefined) await world.store.update(key, { secretHashes: [hash] });
    expect(await world.call(text)).toBe(429);
    for (let second = 0; second < 60; second++) {
      world.clock.advance(1000);
      await world.call(wrongSecret(id));
    }
    expect(await world.call(text)).toBe(200);
  });
});
