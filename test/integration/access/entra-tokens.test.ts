/** Microsoft Entra ID tokens, checked against keys that a server shows. */
import { tenantsOf } from '../../../shared/access/caller.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { plainAccess } from '../../support/access-defaults.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { createTokenVerifier } from '../../../shared/adapters/entra/token-verifier.ts';
import { RequestError } from '../../../shared/errors.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';
import {
  clientId,
  publisherId,
  startIssuer,
  tampered,
  type Issuer,
  type NewKey,
  type TokenChanges,
} from './issuer.ts';

const unknownId = '3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063';
const now = () => Math.floor(Date.now() / 1000);

let issuer: Issuer;

beforeAll(async () => {
  issuer = await startIssuer();
});

afterAll(() => issuer.stop());

function createWorld(authorityUrl = issuer.url) {
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  const verifier = createTokenVerifier({ clientId, authorityUrl, now: () => new Date() });
  const access = createAccess({
    ...plainAccess,
    ...{ keys: createFakeApiKeyStore(), tenants, telemetry: () => undefined, now: () => new Date() },
    tokens: { verifier, publisherId },
  });
  const authenticate = (token: string) =>
    access.authenticate({ apiKey: null, authorization: `Bearer ${token}` });
  const refusalOf = async (token: string, authorization = `Bearer ${token}`): Promise<unknown> =>
    await access.authenticate({ apiKey: null, authorization }).then(
      () => 'accepted',
      (error: unknown) => {
        if (!(error instanceof RequestError)) throw error;
        const { status, code, message, headers } = error;
        return { status, code, message, headers };
      },
    );
  return { access, authenticate, refusalOf };
}

describe('a token of a customer', () => {
  it('sees its own tenant and no other, with the scopes of its roles', async () => {
    const { access, authenticate } = createWorld();
    const roles = ['Records.Read', 'AUDITING.ENABLE', 'Something.Else'];
    const caller = await authenticate(await issuer.token(fabrikamId, { claims: { roles } }));
    expect(caller).toEqual({
      id: `entra:${fabrikamId}/6f1e2d3c-4b5a-4968-8776-5544332211ff`,
      identity: { kind: 'EntraApplication' },
      grants: [{ tenants: fabrikamId, scopes: ['records.read', 'auditing.enable'] }],
    });
    expect((await access.openTenant(caller, fabrikamId, 'records.read')).displayName).toBe('Fabrikam');
    await expect(access.openTenant(caller, adatumId, 'records.read')).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['an application', {}, { kind: 'EntraApplication' }],
    ['an application that says so', { idtyp: 'app', name: 'Flow' }, { kind: 'EntraApplication' }],
    ['a user, by name', { scp: 'access', name: 'Adele' }, { kind: 'EntraUser', displayName: 'Adele' }],
    [
      'a user without a name, by the name for signing in',
      { scp: 'access', preferred_username: 'adele@fabrikam.example' },
      { kind: 'EntraUser', displayName: 'adele@fabrikam.example' },
    ],
    ['a user that says so', { idtyp: 'user' }, { kind: 'EntraUser', displayName: undefined }],
  ])('is known to be for %s', async (_name, claims, identity) => {
    const { authenticate } = createWorld();
    expect(await authenticate(await issuer.token(fabrikamId, { claims }))).toMatchObject({ identity });
  });

  it("can be of version 1, with the application's URI as audience", async () => {
    const { authenticate } = createWorld();
    const claims = { iss: `https://sts.windows.net/${fabrikamId}/`, aud: `api://${clientId}`, ver: '1.0' };
    const changes = { claims: { ...claims, azp: undefined, appid: 'c0ffee00-1234-4abc-8def-0123456789ab' } };
    expect(tenantsOf(await authenticate(await issuer.token(fabrikamId, changes)))).toBe(fabrikamId);
  });

  it('without roles has no permissions', async () => {
    const { access, authenticate } = createWorld();
    for (const roles of [undefined, [], ['Other']]) {
      const caller = await authenticate(await issuer.token(fabrikamId, { claims: { roles } }));
      expect(caller).toMatchObject({ grants: [{ tenants: fabrikamId, scopes: [] }] });
      await expect(access.openTenant(caller, fabrikamId, 'records.read')).rejects.toMatchObject({
        status: 403,
      });
    }
  });

  it('is never one for all tenants, whatever its roles', async () => {
    const { access, authenticate } = createWorld();
    const roles = ['Tenants.Manage', 'Keys.Manage', 'Access.Read'];
    const caller = await authenticate(await issuer.token(fabrikamId, { claims: { roles } }));
    expect(() => {
      access.requireAllTenants(caller, 'keys.manage');
    }).toThrow(expect.objectContaining({ status: 403 }) as Error);
  });
});

describe("a token of the partner's own tenant", () => {
  it('sees all tenants, with the scopes of its roles', async () => {
    const { access, authenticate } = createWorld();
    const caller = await authenticate(
      await issuer.token(publisherId, { claims: { roles: ['Tenants.Manage'] } }),
    );
    expect(caller).toMatchObject({ grants: [{ tenants: '*', scopes: ['tenants.manage'] }] });
    expect((await access.openTenant(caller, adatumId, 'tenants.manage')).displayName).toBe('Adatum');
  });

  it('without roles cannot even list tenants', async () => {
    const { access, authenticate } = createWorld();
    const caller = await authenticate(await issuer.token(publisherId, { claims: { roles: [] } }));
    for (const tenantId of [adatumId, unknownId]) {
      await expect(access.openTenant(caller, tenantId, 'records.read')).rejects.toMatchObject({
        status: 404,
      });
    }
    expect(await access.visibleTenants(caller)).toEqual([]);
  });
});

describe('a token is refused, always in the same way,', () => {
  const wrong: Readonly<Record<string, TokenChanges>> = {
    'when it has expired': { claims: { exp: now() - 120 } },
    'without an end': { claims: { exp: undefined } },
    'before its time': { claims: { nbf: now() + 120 } },
    'for another application': { claims: { aud: '11111111-2222-4333-8444-555555555555' } },
    'for Microsoft Graph': { claims: { aud: 'https://graph.microsoft.com' } },
    'without an audience': { claims: { aud: undefined } },
    'of another issuer': { claims: { iss: `https://login.example/${fabrikamId}/v2.0` } },
    'whose issuer names another tenant': { claims: { tid: adatumId } },
    'of an issuer that only begins like ours': {
      claims: { iss: `http://127.0.0.1.example/${fabrikamId}/v2.0` },
    },
    'without an issuer': { claims: { iss: undefined } },
    'without a tenant': { claims: { tid: undefined } },
    'with a tenant that is none': { claims: { tid: '*', iss: '*' } },
    'that is an ID token': {
      claims: { azp: undefined, nonce: 'x', preferred_username: 'anna@fabrikam.example' },
    },
    'without an object': { claims: { oid: undefined } },
    'whose roles are not a list': { claims: { roles: 'Records.Read' } },
    'of a key that the issuer does not show': { header: { kid: 'unknown' } },
    'signed by someone else': { isForged: true },
  };

  it.each(Object.entries(wrong))('%s', async (_, changes) => {
    const { refusalOf } = createWorld();
    const missing = await refusalOf('', '');
    expect(missing).toMatchObject({ status: 401, code: 'Unauthorized' });
    expect(await refusalOf(await issuer.token(fabrikamId, changes))).toEqual(missing);
  });

  it('of a tenant that is not managed, although it is valid', async () => {
    const { refusalOf } = createWorld();
    expect(await refusalOf(await issuer.token(unknownId))).toEqual(await refusalOf('', ''));
  });

  it('if it is unsigned, or signed with the public key as a secret', async () => {
    const { refusalOf } = createWorld();
    const missing = await refusalOf('', '');
    expect(await refusalOf(issuer.unsigned(fabrikamId))).toEqual(missing);
    expect(await refusalOf(`${issuer.unsigned(fabrikamId)}AAAA`)).toEqual(missing);
    expect(await refusalOf(await issuer.confused(fabrikamId))).toEqual(missing);
  });

  it('if one character of any part was changed', async () => {
    const { refusalOf } = createWorld();
    const token = await issuer.token(fabrikamId);
    const missing = await refusalOf('', '');
    for (const part of [0, 1, 2] as const) expect(await refusalOf(tampered(token, part))).toEqual(missing);
  });

  it('if it is garbage or too large', async () => {
    const { refusalOf } = createWorld();
    const missing = await refusalOf('', '');
    const large = await issuer.token(fabrikamId, { claims: { groups: Array(1000).fill('x'.repeat(36)) } });
    const sound = await issuer.token(fabrikamId);
    for (const garbage of [
      '',
      'x',
      'a.b.c',
      '..',
      `${sound}.x`,
      'e30.e30.e30',
      'ä.ö.ü',
      large,
      'x'.repeat(100_000),
    ])
      expect(await refusalOf(garbage)).toEqual(missing);
    for (const scheme of [sound, `Basic ${sound}`, `Bearer ${sound} ${sound}`, `Bearer,${sound}`])
      expect(await refusalOf('', scheme)).toEqual(missing);
  });
});

describe('the issuer of a signing key must be that of the token:', () => {
  const version1 = (tid: string) => ({
    iss: `https://sts.windows.net/${tid}/`,
    ver: '1.0',
    azp: undefined,
    appid: 'c0ffee00-1234-4abc-8def-0123456789ab',
  });
  const keys = (url: string): Readonly<Record<string, [verdict: 'accepted' | 'refused', NewKey]>> => ({
    'a key for all tenants signs for any': ['accepted', { issuer: `${url}/{tenantid}/v2.0` }],
    'a key for this tenant signs for it': ['accepted', { issuer: `${url}/${fabrikamId}/v2.0` }],
    'a key for this tenant signs its tokens of version 1': [
      'accepted',
      { issuer: `${url}/${fabrikamId}/v2.0`, claims: version1(fabrikamId) },
    ],
    'a key of version 1 signs its tokens': [
      'accepted',
      { issuer: 'https://sts.windows.net/{tenantid}/', claims: version1(fabrikamId) },
    ],
    'a key for another tenant does not': ['refused', { issuer: `${url}/${adatumId}/v2.0` }],
    'a key for another tenant does not sign tokens of version 1': [
      'refused',
      { issuer: `${url}/${adatumId}/v2.0`, claims: version1(fabrikamId) },
    ],
    'a key of version 1 does not sign others': ['refused', { issuer: 'https://sts.windows.net/{tenantid}/' }],
    'a key of another service does not': ['refused', { issuer: 'https://login.example/{tenantid}/v2.0' }],
    'a key that names no issuer does not': ['refused', { issuer: undefined }],
  });

  it.each(Object.keys(keys('')))('%s', async (name) => {
    const [verdict, key] = keys(issuer.url)[name] ?? [];
    const { refusalOf } = createWorld();
    const expected = verdict === 'accepted' ? 'accepted' : await refusalOf('', '');
    expect(await refusalOf(await issuer.tokenOfNewKey(fabrikamId, key))).toEqual(expected);
  });
});

describe("the issuer's keys", () => {
  it('are fetched once, and again when a token names a new one', async () => {
    const own = await startIssuer();
    const { authenticate } = createWorld(own.url);
    const tokens = await Promise.all([1, 2, 3].map(() => own.token(fabrikamId)));
    for (const token of tokens) await authenticate(token);
    expect(own.state.requests).toBe(1);
    const later = await own.tokenOfNewKey(fabrikamId);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    try {
      expect(tenantsOf(await authenticate(later))).toBe(fabrikamId);
    } finally {
      vi.useRealTimers();
    }
    expect(own.state.requests).toBe(2);
    await own.stop();
  });

  it('are not fetched repeatedly for unknown ones', async () => {
    const own = await startIssuer();
    const { authenticate, refusalOf } = createWorld(own.url);
    await authenticate(await own.token(fabrikamId));
    for (const kid of ['a', 'b', 'c', 'd']) await refusalOf(await own.token(fabrikamId, { header: { kid } }));
    expect(own.state.requests).toBe(1);
    await own.stop();
  });

  it('that cannot be fetched are an outage, not a wrong token', async () => {
    const own = await startIssuer();
    const { authenticate, refusalOf } = createWorld(own.url);
    own.state.status = 500;
    const outage = { status: 503, code: 'SignInUnavailable', headers: { 'Retry-After': '10' } };
    expect(await refusalOf(await own.token(fabrikamId))).toMatchObject(outage);
    own.state.status = 200;
    expect(tenantsOf(await authenticate(await own.token(fabrikamId)))).toBe(fabrikamId);
    await own.stop();
    expect(await createWorld(own.url).refusalOf(await own.token(fabrikamId))).toMatchObject(outage);
  });
});

describe('a key next to a token', () => {
  it('is used alone', async () => {
    const { access } = createWorld();
    const authorization = `Bearer ${await issuer.token(fabrikamId)}`;
    await expect(access.authenticate({ apiKey: 'nonsense', authorization })).rejects.toMatchObject({
      status: 401,
    });
  });
});
