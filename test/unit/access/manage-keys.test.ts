import {
  createKeyHandler,
  listKeysHandler,
  revokeKeyHandler,
  rotateKeyHandler,
} from '../../../functions/access/keys.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, scopes, type ApiKey, type ApiKeyStore } from '../../../shared/access/api-keys.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const answerSchema = z.object({
  status: z.number().default(200),
  jsonBody: z.unknown().optional(),
  headers: z.record(z.string(), z.string()),
});
const keySchema = z.looseObject({ id: z.string(), key: z.string().optional(), etag: z.string() });
const listSchema = z.object({ value: z.array(keySchema) });
const errorCode = (body: unknown) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;

interface Sent {
  readonly body?: object;
  readonly keyId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function createWorld(keys: ApiKeyStore = createFakeApiKeyStore()) {
  const [clock, telemetry, log] = [createClock(), createRecordingTelemetry(), createFakeAccessLog()];
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId, domain: 'fabrikam.example' }),
  ]);
  const { now } = clock;
  const access = createAccess({ ...plainAccess, keys, tenants, telemetry: telemetry.telemetry, now });
  const deps = {
    ...createFakeHttpDeps(now),
    access,
    keys,
    telemetry: telemetry.telemetry,
    now,
    accessLog: log,
  };
  const issue = async (changes: Partial<ApiKey> = {}): Promise<string> => {
    const made = newApiKey({ name: 'Partner', tenants: '*', scopes }, now());
    await keys.create({ ...made.key, ...changes });
    return made.text;
  };
  const own = await issue();
  const send = async (options: HttpFunctionOptions, { body, keyId = '', headers = {} }: Sent) => {
    const request = new HttpRequest({
      ...{
        method: options.methods?.[0] ?? 'GET',
        url: `https://auditkeep.example/api/${options.route?.replace('{keyId}', keyId) ?? ''}`,
        params: { keyId },
      },
      headers: {
        'x-api-key': own,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
    });
    const context = new InvocationContext({ functionName: 'keys', logHandler: () => undefined });
    const given = await options.handler(request, context);
    await expectDescribedInit(request, given);
    return answerSchema.parse(given);
  };
  const create = (body: object, headers = {}) => send(served(deps, createKeyHandler), { body, headers });
  return {
    ...{ clock, keys, tenants, log, telemetry, issue, own, create },
    list: (headers = {}) => send(served(deps, listKeysHandler), { headers }),
    rotate: (keyId: string, sent: Sent = {}) => send(served(deps, rotateKeyHandler), { ...sent, keyId }),
    revoke: (keyId: string, headers = {}) => send(served(deps, revokeKeyHandler), { keyId, headers }),
    created: async (changes: object = {}) =>
      keySchema.parse((await create({ ...wanted, ...changes })).jsonBody),
    /** What the key opens now: its scopes, or undefined. */
    opens: (text: string | undefined) =>
      access.authenticate({ apiKey: text ?? '', authorization: null }).then(
        ({ grants }) => grants.flatMap(({ scopes }) => scopes),
        () => undefined,
      ),
  };
}

const wanted = { name: 'Flow', tenants: fabrikamId, scopes: ['records.read'] };

describe('a new key', () => {
  it('is shown once, works at once, and is never shown again', async () => {
    const world = await createWorld();
    const expiresDateTime = '2026-12-31T00:00:00.000Z';
    const answer = await world.create({ ...wanted, expiresDateTime });
    const { id, key = '', etag } = keySchema.parse(answer.jsonBody);
    expect(answer).toMatchObject({ status: 201, headers: { etag } });
    expect(answer.jsonBody).toMatchObject({ ...wanted, status: 'Live', expiresDateTime });
    expect(await world.opens(key)).toEqual(['records.read']);
    const listed = await world.list();
    const { value } = listSchema.parse(listed.jsonBody);
    expect(value.find((each) => each.id === id)).toMatchObject({
      ...wanted,
      ...{ status: 'Live', expiresDateTime, lastUsedDateTime: world.clock.now().toISOString(), etag },
    });
    const stored = (await world.keys.get(id))?.secretHashes[0] ?? 'none';
    const told = JSON.stringify([listed.jsonBody, world.log.entries, world.telemetry.reported]);
    for (const secret of [key.slice(20), stored]) expect(told).not.toContain(secret);
  });

  it('requested again with the same idempotency key is the same key', async () => {
    const world = await createWorld();
    const headers = { 'idempotency-key': 'new-flow' };
    const [first, again] = [await world.create(wanted, headers), await world.create(wanted, headers)];
    expect(again.jsonBody).toEqual(first.jsonBody);
    expect(listSchema.parse((await world.list()).jsonBody).value).toHaveLength(2);
  });

  it.each(['keys.manage', 'tenants.purge'])(
    'for one tenant is refused with %s, which only keys of all tenants can use',
    async (scope) => {
      const world = await createWorld();
      const { jsonBody, status } = await world.create({ ...wanted, scopes: ['records.read', scope] });
      const message = `Only keys of all tenants can use ${scope}. Leave that out of 'scopes', or set 'tenants' to *.`;
      expect([status, jsonBody]).toMatchObject([400, { error: { target: 'scopes', message } }]);
    },
  );

  it('for all tenants can manage keys', async () => {
    const world = await createWorld();
    const created = await world.create({ ...wanted, scopes: ['keys.manage'], tenants: '*' });
    expect(created.status).toBe(201);
  });

  it.each([
    ['name', { name: ' ' }],
    ['tenants', { tenants: 'all' }],
    ['scopes', { scopes: [] }],
    ['scopes.0', { scopes: ['everything'] }],
    ['expiresDateTime', { expiresDateTime: '2020-01-01T00:00:00Z' }],
    ['expiresDateTime', { expiresDateTime: 'tomorrow' }],
    ['secret', { secret: 'mine' }],
  ])('is refused with a %s that is wrong', async (target, changes) => {
    const { jsonBody, status } = await (await createWorld()).create({ ...wanted, ...changes });
    expect([status, jsonBody]).toMatchObject([400, { error: { target } }]);
  });

  it('is refused for a tenant that does not exist', async () => {
    const { jsonBody, status } = await (await createWorld()).create({ ...wanted, tenants: adatumId });
    expect([status, errorCode(jsonBody)]).toEqual([404, 'TenantNotFound']);
  });

  it('is for the tenant whose ID was given', async () => {
    const world = await createWorld();
    const tenants = ` ${fabrikamId.toUpperCase()} `;
    expect(await world.created({ tenants })).toMatchObject({ tenants: fabrikamId });
  });

  it('is for the tenants whose IDs and tags were given, each once', async () => {
    const world = await createWorld();
    const tenants = `tag:Gold, ${fabrikamId.toUpperCase()},tag:emea,${fabrikamId}`;
    expect(await world.created({ tenants })).toMatchObject({ tenants: `${fabrikamId},tag:emea,tag:gold` });
  });

  it('names the tags that no tenant has yet, as one may be mistyped', async () => {
    const world = await createWorld();
    await world.tenants.update(fabrikamId, { tags: ['gold'] });
    expect(await world.created({ tenants: 'tag:gold,tag:glod' })).toMatchObject({
      tagsWithoutTenants: ['glod'],
    });
    for (const tenants of ['tag:gold', '*', fabrikamId])
      expect((await world.created({ tenants }))['tagsWithoutTenants']).toBeUndefined();
  });

  it.each([`${fabrikamId},${adatumId}`, `tag:gold,${adatumId}`])(
    'is refused for %s if one of the tenants does not exist',
    async (tenants) => {
      const { jsonBody, status } = await (await createWorld()).create({ ...wanted, tenants });
      expect([status, errorCode(jsonBody)]).toEqual([404, 'TenantNotFound']);
    },
  );

  it.each([
    'tag:',
    'tag:a b',
    `${fabrikamId},`,
    'tag:gold,fabrikam.example',
    Array(101).fill('tag:a').join(),
  ])('is refused for %s', async (tenants) => {
    const { jsonBody, status } = await (await createWorld()).create({ ...wanted, tenants });
    expect([status, jsonBody]).toMatchObject([400, { error: { target: 'tenants' } }]);
  });

  it.each(['keys.manage', 'tenants.purge'])('for a tag is refused with %s', async (scope) => {
    const { status } = await (
      await createWorld()
    ).create({ ...wanted, tenants: 'tag:gold', scopes: [scope] });
    expect(status).toBe(400);
  });

  it('is refused for a domain, even of a tenant that has it: it may have moved since the last check', async () => {
    const world = await createWorld();
    const { jsonBody, status } = await world.create({ ...wanted, tenants: 'fabrikam.example' });
    expect([status, jsonBody]).toMatchObject([400, { error: { target: 'tenants' } }]);
    expect(JSON.stringify(jsonBody)).toMatch(/ID of a tenant.*domain may have moved.*GET \/tenants/);
    expect(listSchema.parse((await world.list()).jsonBody).value).toHaveLength(1);
  });
});

describe('no caller', () => {
  it('can grant more than they have, by a new key or a new secret of a stronger one', async () => {
    const world = await createWorld();
    const weak = { 'x-api-key': await world.issue({ scopes: ['keys.manage', 'records.read'] }) };
    expect((await world.create(wanted, weak)).status).toBe(201);
    const refused = [
      await world.create({ ...wanted, scopes: ['records.read', 'tenants.manage'] }, weak),
      await world.rotate(world.own.slice(3, 19), { headers: weak }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(await world.opens(world.own)).toBeDefined();
  });

  it('bound to one tenant, or without the scope, can manage keys', async () => {
    const world = await createWorld();
    const bound = { 'x-api-key': await world.issue({ tenants: fabrikamId }) };
    const reader = { 'x-api-key': await world.issue({ scopes: ['records.read', 'tenants.manage'] }) };
    const id = world.own.slice(3, 19);
    for (const headers of [bound, reader]) {
      const answers = [
        await world.create(wanted, headers),
        await world.list(headers),
        await world.rotate(id, { headers }),
        await world.revoke(id, headers),
        await world.revoke('nonsense', headers),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    }
    expect(await world.opens(world.own)).toBeDefined();
  });
});

describe('a rotation', () => {
  it('returns a second secret, and keeps the first one valid for a day', async () => {
    const world = await createWorld();
    const { id, key, etag } = await world.created();
    await world.opens(key);
    const answer = await world.rotate(id);
    const rotated = keySchema.parse(answer.jsonBody);
    expect(answer.status).toBe(200);
    expect(rotated).toMatchObject({ id, previousSecretExpiresDateTime: '2026-03-11T12:00:00.000Z' });
    expect(rotated.etag).not.toBe(etag);
    // At once, though this instance has just looked the key up.
    expect(await world.opens(rotated.key)).toEqual(['records.read']);
    expect(await world.opens(key)).toEqual(['records.read']);
    world.clock.advance(24 * hourMs);
    expect(await world.opens(rotated.key)).toEqual(['records.read']);
    expect(await world.opens(key)).toBeUndefined();
  });

  it('whose answer was lost is done once: the secret in use continues to work', async () => {
    const stored = createFakeApiKeyStore();
    let lost = 1;
    const world = await createWorld({
      ...stored,
      async update(...change) {
        const isWritten = await stored.update(...change);
        return lost-- > 0 ? false : isWritten;
      },
    });
    const { id, key: first, etag } = await world.created();
    const answer = await world.rotate(id, { headers: { 'if-match': etag } });
    expect(answer.status).toBe(200);
    expect(await world.opens(keySchema.parse(answer.jsonBody).key)).toEqual(['records.read']);
    expect(await world.opens(first)).toEqual(['records.read']);
  });

  it('overlaps as long as requested, from nothing to thirty days', async () => {
    const world = await createWorld();
    const { id, key } = await world.created();
    await world.rotate(id, { body: { overlapHours: 0 } });
    expect(await world.opens(key)).toBeUndefined();
    const answer = await world.rotate(id, { body: { overlapHours: 720 } });
    expect(answer.jsonBody).toMatchObject({ previousSecretExpiresDateTime: '2026-04-09T12:00:00.000Z' });
    for (const overlapHours of [-1, 721, '24'])
      expect((await world.rotate(id, { body: { overlapHours } })).status).toBe(400);
  });

  it('twice ends the first secret', async () => {
    const world = await createWorld();
    const { id, key } = await world.created();
    const second = keySchema.parse((await world.rotate(id)).jsonBody).key;
    const third = keySchema.parse((await world.rotate(id)).jsonBody).key;
    expect(await world.opens(key)).toBeUndefined();
    for (const text of [second, third]) expect(await world.opens(text)).toBeDefined();
  });

  it('applies to the version that was read, if it is named', async () => {
    const world = await createWorld();
    const { id, etag } = await world.created();
    expect((await world.rotate(id, { headers: { 'if-match': etag } })).status).toBe(200);
    const again = await world.rotate(id, { headers: { 'if-match': etag } });
    expect([again.status, errorCode(again.jsonBody)]).toEqual([412, 'PreconditionFailed']);
    expect((await world.rotate(id, { headers: { 'if-match': '*' } })).status).toBe(200);
  });

  it('succeeds although the key is used meanwhile', async () => {
    const world = await createWorld();
    const { id, key, etag } = await world.created();
    await world.opens(key);
    expect((await world.rotate(id, { headers: { 'if-match': etag } })).status).toBe(200);
  });

  it('is refused for a key that does not exist or has ended', async () => {
    const world = await createWorld();
    expect(errorCode((await world.rotate('0123456789abcdef')).jsonBody)).toBe('KeyNotFound');
    const { id } = await world.created();
    await world.revoke(id);
    const ended = await world.rotate(id);
    expect([ended.status, errorCode(ended.jsonBody)]).toEqual([409, 'KeyEnded']);
  });
});

describe('revoking', () => {
  it('ends a key for good within a minute, keeps it in the list, and may be repeated', async () => {
    const world = await createWorld();
    const { id, key, etag } = await world.created();
    expect(await world.opens(key)).toBeDefined();
    const answers = [
      await world.revoke(id, { 'if-match': etag }),
      await world.revoke(id, { 'if-match': etag }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    world.clock.advance(minuteMs + 1);
    expect(await world.opens(key)).toBeUndefined();
    const { value } = listSchema.parse((await world.list()).jsonBody);
    expect(value.find((each) => each.id === id)).toMatchObject({
      ...{ status: 'Revoked', name: 'Flow', revokedDateTime: '2026-03-10T12:00:00.000Z' },
    });
  });

  it.each(['0123456789abcdef', 'nonsense'])('is refused for %s, which never was a key', async (id) => {
    const { jsonBody, status } = await (await createWorld()).revoke(id);
    expect([status, errorCode(jsonBody)]).toEqual([404, 'KeyNotFound']);
  });

  it('may be repeated for a key that has expired', async () => {
    const world = await createWorld();
    const { id } = await world.created({ expiresDateTime: '2026-03-10T13:00:00.000Z' });
    world.clock.advance(2 * hourMs);
    const answers = [await world.revoke(id), await world.revoke(id)];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  });

  it('is refused if the key changed since it was read', async () => {
    const world = await createWorld();
    const { id, key } = await world.created();
    expect((await world.revoke(id, { 'if-match': '"old"' })).status).toBe(412);
    expect(await world.opens(key)).toBeDefined();
  });
});
