/** Sign-in through the real library. */
import { describe, expect, it } from 'vitest';
import { useOnboarding, type OnboardedTenant } from './onboarding.ts';

const createTenant = useOnboarding();
const roles = ({ work, tenantId }: OnboardedTenant, resource: 'activityApi' | 'graph' | 'exchange') =>
  work({ kind: 'roles', tenantId, resource });

describe('granted roles', () => {
  it('are those of each API', async () => {
    const tenant = createTenant({ consented: true });
    expect((await roles(tenant, 'activityApi')).result).toEqual([
      'ActivityFeed.Read',
      'ActivityFeed.ReadDlp',
    ]);
    expect((await roles(tenant, 'graph')).result).toEqual([
      'RoleManagement.Read.Directory',
      'Directory.Read.All',
      'AuditLogsQuery.Read.All',
    ]);
    expect((await roles(tenant, 'exchange')).result).toEqual(['Exchange.ManageAsApp']);
  });

  it('show what was granted and revoked since the last token', async () => {
    const tenant = createTenant({ consented: true });
    const { simulator, tenantId } = tenant;
    simulator.changePolicy(tenantId, { grantedRoles: [] });
    expect((await roles(tenant, 'activityApi')).result).toEqual([]);
    simulator.changePolicy(tenantId, { grantedRoles: ['ActivityFeed.Read'] });
    expect((await roles(tenant, 'activityApi')).result).toEqual(['ActivityFeed.Read']);
    simulator.changePolicy(tenantId, { grantedRoles: [] });
    expect((await roles(tenant, 'activityApi')).result).toEqual([]);
    expect(simulator.counters.snapshot().requestsByTenant[tenantId]).toMatchObject({ token: 3 });
  });

  it('are unavailable without consent, and the refusal says what to do', async () => {
    const { failure } = await roles(createTenant(), 'activityApi');
    expect(failure).toMatchObject({
      ...{ name: 'UpstreamError', action: 'fail', code: 'AADSTS7000229' },
      cure: expect.stringMatching(/open the consent link/) as unknown,
    });
  });

  it.each([
    [53003, 'fail', /exempt the application/],
    [700016, 'fail', /open the consent link/],
    [7000215, 'fail', /credential/],
    [90002, 'fail', /correct ID or domain/],
    [90033, 'retry', /retries automatically/],
  ])('refused with AADSTS%i are a case for %s, through the library', async (aadsts, action, cure) => {
    const tenant = createTenant({ consented: true });
    const match = { operation: 'token' as const, tenantId: tenant.tenantId };
    tenant.simulator.faults.add({ match, effect: { kind: 'sign-in-error', aadsts } });
    expect((await roles(tenant, 'graph')).failure).toMatchObject({
      ...{ name: 'UpstreamError', action, code: `AADSTS${aadsts}` },
      cure: expect.stringMatching(cure) as unknown,
    });
  });
});

describe('of an ID that no tenant has', () => {
  const missing = 'f2c0a1de-0000-4000-8000-00000000dead';

  it('are refused for good, as Microsoft has no tenant with this ID', async () => {
    const { work } = createTenant();
    expect((await work({ kind: 'roles', tenantId: missing, resource: 'graph' })).failure).toMatchObject({
      ...{ name: 'UpstreamError', action: 'fail', code: 'AADSTS90002' },
      message: expect.stringMatching(/^Microsoft has no tenant with this ID: check it/) as unknown,
    });
  });

  it('are an outage while sign-in does not say that the tenant is missing', async () => {
    const { work, simulator } = createTenant();
    simulator.faults.add({ match: { operation: 'metadata' }, effect: { kind: 'html', status: 502 } });
    const { failure } = await work({ kind: 'roles', tenantId: missing, resource: 'graph' });
    expect(failure).toMatchObject({ action: 'retry', code: 'SignInUnavailable' });
  });
});

describe('a domain', () => {
  it('is found with its tenant, without consent and in any case', async () => {
    const { work, domain, tenantId } = createTenant();
    for (const spelling of [domain, domain.toUpperCase()]) {
      const { result } = await work({ kind: 'findDomain', domain: spelling, cloud: 'gcc' });
      expect(result).toBe(tenantId);
    }
  });

  it('of no tenant is not found', async () => {
    const { work } = createTenant();
    const answer = await work({ kind: 'findDomain', domain: 'unknown.example', cloud: 'enterprise' });
    expect(answer.result).toBeUndefined();
    expect(answer.failure).toBeUndefined();
  });

  it.each([
    ['connection-reset', { kind: 'connection-reset' }, 'ECONNRESET'],
    ['a proxy page', { kind: 'html', status: 502 }, 'HTTP502'],
    ['a portal', { kind: 'html', status: 200 }, 'HTTP200'],
  ] as const)('behind %s is not treated as unknown', async (_what, effect, code) => {
    const { work, domain, simulator } = createTenant();
    simulator.faults.add({ match: { operation: 'metadata' }, effect });
    const { failure } = await work({ kind: 'findDomain', domain, cloud: 'enterprise' });
    expect(failure).toMatchObject({ name: 'UpstreamError', action: 'retry', code });
  });
});
