/** The promises about Partner Center, kept in memory and by the adapter with the simulator. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UnsecuredJWT } from 'jose';
import { generate } from 'selfsigned';
import { inspect } from 'node:util';
import type { Customer, PartnerCenter } from '../../shared/partner-center/partner-center.ts';
import { stubIdentity } from '../support/process-identity.ts';
import { createFakePartnerCenter } from '../support/fakes/partner-center.ts';
import { jsonReply } from '../simulator/http.ts';
import { partnerRoles, type Relationship } from '../simulator/partner/relationships.ts';
import {
  servedClientId,
  servePartnerCenter,
  type ServedPartnerCenterOptions,
} from '../support/served-partner-center.ts';
import { adatumId, fabrikamId } from '../support/tenants.ts';

const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const activity = 'c5393580-f805-4401-95e8-94b7a6ef2fc2';
const exchange = '00000002-0000-0ff1-ce00-000000000000';
const graph = '00000003-0000-0000-c000-000000000000';
const permissions = [
  { appId: activity, permission: 'ActivityFeed.Read' },
  { appId: graph, permission: 'Directory.Read.All' },
];

interface World {
  readonly partnerCenter: PartnerCenter;
  readonly addCustomer: (customer: Customer) => void;
  readonly stop?: () => Promise<void>;
}

const worlds: World[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const { stop } of worlds.splice(0)) await stop?.();
});

function openFake(): Promise<World> {
  const partnerCenter = createFakePartnerCenter();
  return Promise.resolve({
    partnerCenter,
    addCustomer: (customer) => void partnerCenter.listed.push(customer),
  });
}

async function openReal(): Promise<World> {
  const { partnerCenter, addCustomer, stop } = await servePartnerCenter();
  return {
    partnerCenter,
    addCustomer: ({ tenantId, displayName }) => void addCustomer(tenantId, displayName),
    stop,
  };
}

const unsecuredToken = (tid: string) =>
  new UnsecuredJWT({
    tid,
    scp: 'Application.ReadWrite.All AppRoleAssignment.ReadWrite.All RoleManagement.ReadWrite.Directory',
  }).encode();

const guidAt = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const customerAt = (at: number): Customer => ({
  ...{ tenantId: guidAt(at), displayName: `Customer${at}`, domain: `customer${at}.example` },
});

describe.each([
  { where: 'in memory', open: openFake },
  { where: 'over HTTP', open: openReal },
])('Partner Center $where', ({ open }) => {
  const begin = async (customers: readonly Customer[] = [{ ...customerAt(0), tenantId: fabrikamId }]) => {
    const world = await open();
    worlds.push(world);
    for (const customer of customers) world.addCustomer(customer);
    return world.partnerCenter;
  };

  it('lists all customers, page by page', async () => {
    // More than three pages of either.
    const customers = Array.from({ length: 1700 }, (_, at) => customerAt(at));
    const partnerCenter = await begin(customers);
    const pages: (readonly Customer[])[] = [];
    for await (const page of partnerCenter.customers()) pages.push(page);
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.flat()).toEqual(customers);
  });

  it('consents, then grants permissions in the order in which they were wanted, then assigns a role', async () => {
    const partnerCenter = await begin();
    expect(await partnerCenter.consent(tenant)).toBe('Granted');
    expect(await partnerCenter.grant(tenant, permissions)).toEqual(
      permissions.map(({ permission }) => ({ permission, outcome: 'Granted' })),
    );
    expect(await partnerCenter.assignRole(tenant, exchangeAdministrator)).toBe('Granted');
  });

  it('does nothing twice', async () => {
    const partnerCenter = await begin();
    const all = async () => [
      await partnerCenter.consent(tenant),
      ...(await partnerCenter.grant(tenant, permissions)).map(({ outcome }) => outcome),
      await partnerCenter.assignRole(tenant, exchangeAdministrator),
    ];
    await all();
    expect(await all()).toEqual(['AlreadyGranted', 'AlreadyGranted', 'AlreadyGranted', 'AlreadyGranted']);
  });

  it('grants what is missing, and leaves the rest', async () => {
    const partnerCenter = await begin();
    await partnerCenter.consent(tenant);
    await partnerCenter.grant(tenant, permissions.slice(0, 1));
    expect((await partnerCenter.grant(tenant, permissions)).map(({ outcome }) => outcome)).toEqual([
      'AlreadyGranted',
      'Granted',
    ]);
  });

  it('before the consent asks for patience', async () => {
    const partnerCenter = await begin();
    await expect(partnerCenter.grant(tenant, permissions)).rejects.toMatchObject({ isTransient: true });
    await expect(partnerCenter.assignRole(tenant, exchangeAdministrator)).rejects.toMatchObject({
      isTransient: true,
    });
  });
});

describe('Partner Center over HTTP', () => {
  const serve = async (change: Partial<Relationship> = {}, options: ServedPartnerCenterOptions = {}) => {
    const served = await servePartnerCenter(options);
    worlds.push({ ...served, addCustomer: () => undefined });
    served.addCustomer(fabrikamId, 'Fabrikam', change);
    return served;
  };
  const { cloudApplicationAdministrator, applicationAdministrator } = partnerRoles;
  const refusal = (code: string, cure: RegExp) => ({
    ...{ name: 'UpstreamError', action: 'fail', code },
    cure: expect.stringMatching(cure) as string,
  });

  it('is called as a user of the partner at home, and in the tenant of the customer', async () => {
    const { partnerCenter, requests } = await serve();
    await partnerCenter.consent(tenant);
    await partnerCenter.grant(tenant, permissions.slice(0, 1));
    expect(requests).toEqual([
      `POST /${adatumId}/oauth2/v2.0/token`,
      `POST /v1/customers/${fabrikamId}/applicationconsents`,
      `POST /${fabrikamId}/oauth2/v2.0/token`,
      'GET /v1.0/servicePrincipals',
      expect.stringMatching(/^GET .*appRoleAssignments$/),
      'GET /v1.0/servicePrincipals',
      expect.stringMatching(/^POST .*appRoleAssignedTo$/),
    ]);
  });

  it('refuses a refresh token that has expired, and what to do', async () => {
    const { partnerCenter, partner } = await serve();
    partner.user.patch({ signIn: 'expired' });
    await expect(partnerCenter.consent(tenant)).rejects.toMatchObject(
      refusal('PartnerSignInExpired', /store the new refresh token/),
    );
    await expect(partnerCenter.customers().next()).rejects.toMatchObject({ code: 'PartnerSignInExpired' });
  });

  it('refuses a refresh token that was never issued, without showing it', async () => {
    const { partnerCenter, partner } = await serve();
    partner.user.patch({ refreshToken: 'another' });
    const error: unknown = await partnerCenter.consent(tenant).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PartnerSignInExpired' });
    expect(inspect(error, { depth: 10 })).not.toContain('refresh-token');
  });

  it.each([
    ['sign-in', { signIn: 'mfaRequired' }],
    ['Partner Center', { hasMfa: false }],
  ] as const)('says that %s requires multifactor authentication', async (_who, user) => {
    const { partnerCenter, partner } = await serve();
    partner.user.patch(user);
    await expect(partnerCenter.consent(tenant)).rejects.toMatchObject(
      refusal('PartnerMfaRequired', /multifactor|Require it/),
    );
  });

  it('does not know a tenant that is not a customer', async () => {
    const { partnerCenter } = await serve();
    const other = { ...tenant, tenantId: adatumId };
    await expect(partnerCenter.consent(other)).rejects.toMatchObject(refusal('NoRelationship', /tenant ID/));
  });

  it('refuses a customer without a GDAP relationship', async () => {
    const { partnerCenter, partner } = await serve({ roles: undefined });
    await expect(partnerCenter.consent(tenant)).rejects.toMatchObject(
      refusal('PartnerRoleMissing', /GDAP relationship/),
    );
    // It ended after the consent.
    partner.relate(fabrikamId, { scopes: ['Application.ReadWrite.All'] });
    await expect(partnerCenter.grant(tenant, permissions)).rejects.toMatchObject(
      refusal('NoRelationship', /GDAP relationship is active/),
    );
  });

  it('refuses a relationship without the roles', async () => {
    const { partnerCenter } = await serve({ roles: [] });
    await expect(partnerCenter.consent(tenant)).rejects.toMatchObject(
      refusal('PartnerRoleMissing', /Privileged Role Administrator/),
    );
  });

  it.each([cloudApplicationAdministrator, applicationAdministrator])(
    'with the role %s alone grants all but permissions of Graph and roles, and says which role is missing',
    async (role) => {
      const { partnerCenter } = await serve({ roles: [role] });
      await partnerCenter.consent(tenant);
      const [feed, directory] = await partnerCenter.grant(tenant, permissions);
      expect(feed?.outcome).toBe('Granted');
      expect(directory?.outcome).toMatchObject({ code: 'PartnerRoleMissing' });
      await expect(partnerCenter.assignRole(tenant, exchangeAdministrator)).rejects.toMatchObject(
        refusal('PartnerRoleMissing', /Privileged Role Administrator/),
      );
    },
  );

  it('creates service principals of APIs that the tenant has not used, and says which it cannot have', async () => {
    const { partnerCenter } = await serve({ missingApis: [activity], unlicensedApis: [exchange] });
    await partnerCenter.consent(tenant);
    const manage = { appId: exchange, permission: 'Exchange.ManageAsApp' };
    const grants = await partnerCenter.grant(tenant, [...permissions, manage]);
    expect(grants.map(({ outcome }) => (typeof outcome === 'string' ? outcome : outcome.code))).toEqual([
      ...['Granted', 'Granted', 'ApiNotAvailable'],
    ]);
  });

  it.each(['applicationconsents', 'servicePrincipals', 'appRoleAssignedTo', 'roleAssignments'])(
    'continues where the answer to POST …/%s was lost, though the change had been made',
    async (name) => {
      const { partnerCenter, lost, requests } = await serve({ missingApis: [activity] });
      const all = async () => {
        await partnerCenter.consent(tenant);
        const grants = await partnerCenter.grant(tenant, permissions);
        return [
          ...grants.map(({ outcome }) => outcome),
          await partnerCenter.assignRole(tenant, exchangeAdministrator),
        ];
      };
      const rehearsal = await serve({ missingApis: [activity] });
      await rehearsal.partnerCenter.consent(tenant);
      await rehearsal.partnerCenter.grant(tenant, permissions);
      await rehearsal.partnerCenter.assignRole(tenant, exchangeAdministrator);
      const line = rehearsal.requests.find((one) => one.startsWith('POST') && one.endsWith(`/${name}`)) ?? '';
      lost.add(line);
      for (const outcome of await all()) expect(['Granted', 'AlreadyGranted']).toContain(outcome);
      expect([lost.size, requests.filter((one) => one === line).length > 1]).toEqual([0, true]);
    },
  );

  it('uses no token of another tenant, and none that cannot be read', async () => {
    const { partnerCenter, replaced, requests, addCustomer } = await serve();
    await partnerCenter.consent(tenant);
    const other = addCustomer(undefined, 'Contoso');
    await partnerCenter.consent({ ...tenant, tenantId: other });
    const foreign = jsonReply(200, { access_token: unsecuredToken(other), expires_in: 3600 });
    const opaque = jsonReply(200, { access_token: 'opaque', expires_in: 3600 });
    const before = requests.length;
    for (const reply of [foreign, opaque]) {
      replaced.set(`POST /${fabrikamId}/oauth2/v2.0/token`, reply);
      const error: unknown = await partnerCenter
        .grant(tenant, permissions)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'UpstreamError', code: 'UnexpectedToken' });
      expect(inspect(error, { depth: 10 })).not.toMatch(/opaque|eyJ/);
    }
    expect(requests.slice(before).filter((one) => one.includes('/v1.0/'))).toEqual([]);
  });

  it('says which delegated permissions an earlier consent lacks', async () => {
    const { partnerCenter, tenants } = await serve({ scopes: ['Application.ReadWrite.All'] });
    tenants.get(fabrikamId).policy.patch({ consented: true });
    expect(await partnerCenter.consent(tenant)).toBe('AlreadyGranted');
    await expect(partnerCenter.grant(tenant, permissions)).rejects.toMatchObject({
      ...{ action: 'fail', code: 'PartnerScopesMissing' },
      message: expect.stringContaining(
        'AppRoleAssignment.ReadWrite.All, RoleManagement.ReadWrite.Directory',
      ) as string,
    });
  });

  it('throttled, says for how long, and a moment passes unnoticed', async () => {
    const { partnerCenter, faults } = await serve();
    const throttle = (retryAfterSeconds: number) =>
      faults.add({
        ...{ match: { operation: 'partner-center' }, times: 1 },
        effect: { kind: 'too-many-requests', retryAfterSeconds },
      });
    throttle(60);
    await expect(partnerCenter.consent(tenant)).rejects.toMatchObject({
      action: 'pause',
      retryAfterMs: 60_000,
    });
    throttle(0);
    expect(await partnerCenter.consent(tenant)).toBe('Granted');
  });

  it('accepts the managed identity that is the credential of the application', async () => {
    const identityClientId = '8b1de6f2-3f0a-4f63-9f4e-2d7c5b90aa21';
    const credential = { kind: 'managedIdentity', clientId: servedClientId, identityClientId } as const;
    const { partnerCenter, serveIdentity } = await serve({}, { credential });
    await stubIdentity(await serveIdentity());
    expect(await partnerCenter.consent(tenant)).toBe('Granted');
  });

  it('without the managed identity says so, and that it may pass', async () => {
    const credential = { kind: 'managedIdentity', clientId: servedClientId, identityClientId: 'x' } as const;
    const { partnerCenter, serveIdentity } = await serve({}, { credential });
    const { endpoint } = await serveIdentity();
    await stubIdentity({ endpoint, header: 'wrong' });
    await expect(partnerCenter.consent(tenant)).rejects.toMatchObject({
      ...{ action: 'retry', code: 'SignInUnavailable' },
    });
  });

  it('accepts the certificate of the application', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'Auditkeep' }], {
      keySize: 2048,
    });
    const pem = `${cert}\n${key}`;
    const credential = { kind: 'certificate', clientId: servedClientId, pem } as const;
    const { partnerCenter } = await serve({}, { credential, certificatePem: cert });
    expect(await partnerCenter.consent(tenant)).toBe('Granted');
  });
});
