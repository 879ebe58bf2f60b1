import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { getCallerHandler } from '../../../functions/access/get-caller.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type ApiKey } from '../../../shared/access/api-keys.ts';
import type { TokenClaims } from '../../../shared/access/entra-token.ts';
import { sha256Of } from '../../../shared/sha256.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { served } from '../../support/served.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const publisherId = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const objectId = '6f1e2d3c-4b5a-4968-8776-5544332211ff';
const user = { kind: 'EntraUser', displayName: 'Adele Vance' } as const;

/** @param claims of any token; undefined: no token is valid */
function createWorld(claims?: Partial<TokenClaims>) {
  const { now } = createClock();
  const keys = createFakeApiKeyStore();
  const tenants = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId: fabrikamId })]);
  const sound = { tenantId: fabrikamId, objectId, roles: [], identity: user };
  const verify = () => Promise.resolve(claims && { ...sound, ...claims });
  const tokens = { verifier: { verify }, publisherId };
  const access = createAccess({ ...plainAccess, keys, tenants, telemetry: () => undefined, now, tokens });
  const options = served(
    { ...createFakeHttpDeps(now), access, telemetry: () => undefined, now },
    getCallerHandler,
  );
  const ask = async (headers: Record<string, string>) => {
    const url = 'https://auditkeep.example/api/me';
    const request = new HttpRequest({ method: 'GET', url, headers });
    const context = new InvocationContext({ functionName: 'get-caller', logHandler: () => undefined });
    const answer = await options.handler(request, context);
    await expectDescribedInit(request, answer);
    return answer;
  };
  const askWithKey = async (changes: Partial<ApiKey> = {}) => {
    const made = newApiKey({ name: 'Portal', tenants: '*', scopes: ['records.read'] }, now());
    await keys.create({ ...made.key, ...changes });
    return { id: made.key.id, secret: made.text.slice(20), answer: await ask({ 'x-api-key': made.text }) };
  };
  return { ask, askWithKey, askWithToken: () => ask({ authorization: 'Bearer a.b.c' }), now };
}

describe('GET /me', () => {
  it('says to a key what it is called, when it expires, and what it may do for which tenants', async () => {
    const { askWithKey, now } = createWorld();
    const expiresDateTime = new Date(now().getTime() + hourMs);
    const { id, answer } = await askWithKey({ expiresDateTime });
    expect(answer).toMatchObject({
      jsonBody: {
        ...{ id, kind: 'ClientKey', displayName: 'Portal', expiresDateTime: expiresDateTime.toISOString() },
        access: [{ tenants: '*', scopes: ['records.read'] }],
      },
    });
  });

  it.each(['*', `${adatumId},${fabrikamId}`, 'tag:gold', `${fabrikamId},tag:gold`])(
    'names the tenants of a key as it was made, %s, and no others',
    async (tenants) => {
      const { answer } = await createWorld().askWithKey({ tenants });
      expect(answer).toMatchObject({ jsonBody: { access: [{ tenants, scopes: ['records.read'] }] } });
    },
  );

  it('answers a key that may do nothing', async () => {
    const { answer } = await createWorld().askWithKey({ scopes: [] });
    expect(answer).toMatchObject({ jsonBody: { access: [{ tenants: '*', scopes: [] }] } });
  });

  it('never shows a secret, nor its hash', async () => {
    const { answer, secret } = await createWorld().askWithKey();
    const shown = JSON.stringify(answer);
    expect(shown).toContain('Portal');
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(sha256Of(secret));
  });

  it('tells a user of a customer that it is for the own tenant, whatever its roles name', async () => {
    const { askWithToken } = createWorld({ roles: ['Records.Read', 'Tenants.Manage@gold'] });
    expect(await askWithToken()).toMatchObject({
      jsonBody: {
        ...{ id: `entra:${fabrikamId}/${objectId}`, kind: 'EntraUser', displayName: 'Adele Vance' },
        access: [{ tenants: fabrikamId, scopes: ['records.read'] }],
      },
    });
  });

  it('tells an application of the partner its roles, by the tenants that each is for', async () => {
    const roles = ['Records.Read', 'Auditing.Enable@emea', 'Access.Read'];
    const identity = { kind: 'EntraApplication' } as const;
    const { askWithToken } = createWorld({ tenantId: publisherId, roles, identity });
    expect(await askWithToken()).toMatchObject({
      jsonBody: {
        kind: 'EntraApplication',
        access: [
          { tenants: '*', scopes: ['records.read', 'access.read'] },
          { tenants: 'tag:emea', scopes: ['auditing.enable'] },
        ],
      },
    });
  });

  it('refuses who has no valid key or token', async () => {
    expect(await createWorld().ask({})).toMatchObject({ status: 401 });
    expect(await createWorld().askWithToken()).toMatchObject({ status: 401 });
  });
});
