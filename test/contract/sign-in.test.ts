/** The promises about sign-in, kept in memory and by the adapter, whatever it gets over HTTP. */
import { UnsecuredJWT } from 'jose';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createSignIn } from '../../shared/adapters/entra/sign-in.ts';
import { UpstreamError } from '../../shared/errors.ts';
import type { Resource, SignIn } from '../../shared/tenants/sign-in.ts';
import { createFakeSignIn } from '../support/fakes/sign-in.ts';
import { closeServer, listenLocally } from '../support/local-server.ts';
import { fabrikamId } from '../support/tenants.ts';

const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
const refusal = new UpstreamError('fail', 'AADSTS7000229', 'No service principal.', { cure: 'Consent.' });
const servers: Server[] = [];
const retryBaseMs = 1;

afterEach(() => {
  return Promise.all(servers.splice(0).map(closeServer));
});

async function serve(answer: RequestListener): Promise<{ root: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  servers.push(server);
  return { root: `http://127.0.0.1:${await listenLocally(server)}`, requests };
}

/** Returns the roles of {@link granted} in a token without a signature. */
function tokensOf(granted: Map<Resource, readonly string[] | UpstreamError>) {
  const mint = async (resource: Resource): Promise<string> => {
    const roles = granted.get(resource) ?? [];
    if (roles instanceof UpstreamError) throw roles;
    return await Promise.resolve(new UnsecuredJWT({ roles: [...roles] }).encode());
  };
  return {
    token: () => Promise.reject(new Error('An old token does not show what was granted since.')),
    freshToken: (_tenant: unknown, resource: Resource) => mint(resource),
    renew: () => undefined,
  };
}

const metadataOf =
  (ids: ReadonlyMap<string, string>): RequestListener =>
  (request, response) => {
    const tenantId = ids.get(/^\/([^/]+)\//.exec(request.url ?? '')?.[1] ?? '');
    const unknown = { error: 'invalid_tenant', error_description: 'AADSTS90002: …', error_codes: [90002] };
    const issuer = `https://login.microsoftonline.com/${tenantId ?? ''}/v2.0`;
    response.statusCode = tenantId === undefined ? 400 : 200;
    response.end(JSON.stringify(tenantId === undefined ? unknown : { issuer }));
  };

interface World {
  readonly signIn: SignIn;
  readonly grant: (resource: Resource, answer: readonly string[] | UpstreamError) => void;
}

const missingId = 'f2c0a1de-0000-4000-8000-00000000dead';
const domains = new Map([
  ['fabrikam.example', fabrikamId.toUpperCase()],
  [fabrikamId, fabrikamId],
]);

function openFake(): Promise<World> {
  const signIn = createFakeSignIn();
  signIn.domains.set('fabrikam.example', fabrikamId);
  signIn.missing.add(missingId);
  return Promise.resolve({
    signIn,
    grant: (resource, answer) => {
      signIn.grant(resource, answer);
    },
  });
}

async function openReal(): Promise<World> {
  const granted = new Map<Resource, readonly string[] | UpstreamError>();
  const { root } = await serve(metadataOf(domains));
  const signIn = createSignIn({ tokens: tokensOf(granted), retryBaseMs, authorityUrl: root });
  return { signIn, grant: (resource, answer) => void granted.set(resource, answer) };
}

describe.each([
  { where: 'in memory', open: openFake },
  { where: 'over HTTP', open: openReal },
])('sign-in $where', ({ open }) => {
  it('returns the roles of each API that are granted now', async () => {
    const { signIn, grant } = await open();
    grant('activityApi', ['ActivityFeed.Read']);
    grant('graph', []);
    expect(await signIn.grantedRoles(tenant, 'activityApi')).toEqual(['ActivityFeed.Read']);
    expect(await signIn.grantedRoles(tenant, 'graph')).toEqual([]);
    grant('graph', ['Directory.Read.All']);
    expect(await signIn.grantedRoles(tenant, 'graph')).toEqual(['Directory.Read.All']);
  });

  it('explains why there is no token', async () => {
    const { signIn, grant } = await open();
    grant('exchange', refusal);
    await expect(signIn.grantedRoles(tenant, 'exchange')).rejects.toBe(refusal);
  });

  it('returns the tenant of a domain, in lower case', async () => {
    const { signIn } = await open();
    expect(await signIn.findTenantId('fabrikam.example', 'enterprise')).toBe(fabrikamId);
    expect(await signIn.findTenantId('adatum.example', 'enterprise')).toBeUndefined();
  });

  it('says whether a tenant has an ID', async () => {
    const { signIn } = await open();
    expect(await signIn.findTenantId(fabrikamId, 'enterprise')).toBe(fabrikamId);
    expect(await signIn.findTenantId(missingId, 'enterprise')).toBeUndefined();
  });
});

describe('a token', () => {
  const rolesIn = async (token: string): Promise<readonly string[]> => {
    const tokens = { ...tokensOf(new Map()), freshToken: () => Promise.resolve(token) };
    return await createSignIn({ tokens, retryBaseMs, authorityUrl: undefined }).grantedRoles(tenant, 'graph');
  };

  it('without roles grants none', async () => {
    expect(await rolesIn(new UnsecuredJWT({}).encode())).toEqual([]);
  });

  it.each([
    'opaque',
    '',
    new UnsecuredJWT({ roles: 'All' }).encode(),
    new UnsecuredJWT({ roles: [1] }).encode(),
  ])('that cannot be read, such as %j, is a refusal that does not show it', async (token) => {
    const error: unknown = await rolesIn(token).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'UpstreamError', action: 'fail', code: 'UnreadableToken' });
    if (token !== '') expect(String(error)).not.toContain(token);
  });
});

describe('looking up a domain', () => {
  const find = async (root: string, domain = 'fabrikam.example') =>
    await createSignIn({ tokens: tokensOf(new Map()), retryBaseMs, authorityUrl: root }).findTenantId(
      domain,
      'dod',
    );
  const answering =
    (status: number, body: string): RequestListener =>
    (_request, response) =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  const issuedBy = (issuer: string) => answering(200, JSON.stringify({ issuer }));

  it('sends one anonymous request for the metadata', async () => {
    const { root, requests } = await serve(metadataOf(domains));
    await find(root);
    expect(requests.map(({ method, url }) => `${method ?? ''} ${url ?? ''}`)).toEqual([
      'GET /fabrikam.example/v2.0/.well-known/openid-configuration',
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('cannot escape its place in the URL', async () => {
    const { root, requests } = await serve(metadataOf(domains));
    await find(root, '../x/y?z#');
    expect(requests[0]?.url).toBe('/..%2Fx%2Fy%3Fz%23/v2.0/.well-known/openid-configuration');
  });

  it.each([
    ['400', answering(400, '{"error":"invalid_tenant"}')],
    ['404', answering(404, '')],
  ])('that is answered %s finds no tenant', async (_status, answer) => {
    const { root } = await serve(answer);
    expect(await find(root)).toBeUndefined();
  });

  it('finds the tenant even in another cloud', async () => {
    const { root } = await serve(issuedBy(`https://login.microsoftonline.us/${fabrikamId}/v2.0`));
    expect(await find(root)).toBe(fabrikamId);
  });

  it.each([
    ['a busy service', answering(429, '')],
    ['a failing service', answering(503, '{"error":"temporarily_unavailable"}')],
    ['a page of a proxy', answering(200, '<html>Please sign in</html>')],
    ['no issuer', answering(200, '{}')],
    ['an issuer without a tenant', issuedBy('https://login.microsoftonline.com/{tenantid}/v2.0')],
    ['an issuer that is none', issuedBy('fabrikam')],
    ['nothing', answering(200, '')],
  ])(
    'answered with %s can be retried later, and never means that no tenant exists',
    async (_what, answer) => {
      const { root } = await serve(answer);
      await expect(find(root)).rejects.toMatchObject({ name: 'UpstreamError', action: 'retry' });
    },
  );

  it('does not follow redirects', async () => {
    const other = await serve(metadataOf(domains));
    const { root } = await serve((_request, response) => {
      response.writeHead(302, { Location: `${other.root}/fabrikam.example/v2.0/` }).end();
    });
    await expect(find(root)).rejects.toMatchObject({ action: 'retry', code: 'HTTP302' });
    expect(other.requests).toEqual([]);
  });

  it('without a response can be retried later', async () => {
    const { root } = await serve(metadataOf(domains));
    await Promise.all(servers.splice(0).map(closeServer));
    await expect(find(root)).rejects.toMatchObject({ action: 'retry', code: 'ECONNREFUSED' });
  });
});
