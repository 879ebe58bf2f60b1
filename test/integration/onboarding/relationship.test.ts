/** A customer of a partner, from its registration to collecting, without a consent link, over the simulator. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { useOnboarding, type OnboardedTenant } from './onboarding.ts';

const createTenant = useOnboarding();
const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const contentTypes = ['Audit.Exchange'] as const;
const consentSchema = z.object({
  tenant: z.object({ state: z.string() }),
  grants: z.array(z.object({ name: z.string(), state: z.string() })),
});
const customersSchema = z.array(
  z.object({ tenantId: z.string(), displayName: z.string(), state: z.string().optional() }),
);

const register = ({ work, domain }: OnboardedTenant) =>
  work({ kind: 'register', registration: { domain, contentTypes: [...contentTypes] } });

/** A customer that is registered, and has never opened a link. */
async function createCustomer(): Promise<OnboardedTenant> {
  const tenant = createTenant();
  tenant.simulator.partner.relate(tenant.tenantId);
  await register(tenant);
  return tenant;
}

const consent = ({ work, tenantId }: OnboardedTenant) => work({ kind: 'consentByRelationship', tenantId });

describe('a customer with a GDAP relationship', () => {
  it('is collected without a link: consent, permissions, the Exchange role, and its check', async () => {
    const tenant = await createCustomer();
    expect((await tenant.stored()).state).toBe('PendingConsent');
    const answer = await consent(tenant);
    const { tenant: consented, grants } = consentSchema.parse(answer.result);
    expect(consented.state).toBe('Active');
    expect(new Set(grants.map(({ state }) => state))).toEqual(new Set(['Granted']));
    expect(answer.polls).toEqual([tenant.tenantId]);
    expect(await tenant.missing()).toEqual(new Map());
    const policy = tenant.simulator.changePolicy(tenant.tenantId, {});
    expect(policy.directoryRoles).toContain(exchangeAdministrator);
    expect(policy.grantedRoles).not.toContain('ActivityFeed.ReadDlp');
    const { consent: opened = 0 } =
      tenant.simulator.counters.snapshot().requestsByTenant[tenant.tenantId] ?? {};
    expect(opened).toBe(0);
  });

  it('that consented by a link before is given what it lacks', async () => {
    const tenant = await createCustomer();
    const roles = ['ActivityFeed.Read'];
    tenant.simulator.changePolicy(tenant.tenantId, {
      consented: true,
      grantedRoles: roles,
      directoryRoles: [],
    });
    const { grants } = consentSchema.parse((await consent(tenant)).result);
    expect(Object.fromEntries(grants.map(({ name, state }) => [name, state]))).toMatchObject({
      consent: 'Granted',
      'permission:ActivityFeed.Read': 'AlreadyGranted',
      'permission:Directory.Read.All': 'Granted',
      exchangeRole: 'Granted',
    });
    expect(await tenant.missing()).toEqual(new Map());
  });

  it('is in the list of customers, with its state', async () => {
    const tenant = await createCustomer();
    const stranger = createTenant();
    const { result } = await tenant.work({ kind: 'listCustomers' });
    const customers = customersSchema.parse(result);
    expect(customers.find(({ tenantId }) => tenantId === tenant.tenantId)).toEqual({
      ...{ tenantId: tenant.tenantId, displayName: 'Fabrikam', state: 'PendingConsent' },
    });
    expect(customers.some(({ tenantId }) => tenantId === stranger.tenantId)).toBe(false);
  });
});

describe('consent is refused, and the tenant waits,', () => {
  const failing = async (tenant: OnboardedTenant) => {
    const { failure } = await consent(tenant);
    expect((await tenant.stored()).state).toBe('PendingConsent');
    return failure;
  };

  it('when the tenant is not a customer', async () => {
    const tenant = createTenant();
    await register(tenant);
    expect(await failing(tenant)).toMatchObject({ status: 409, code: 'NoRelationship' });
  });

  it('when the relationship lacks the roles', async () => {
    const tenant = await createCustomer();
    tenant.simulator.partner.relate(tenant.tenantId, { roles: [] });
    expect(await failing(tenant)).toMatchObject({ status: 409, code: 'PartnerRoleMissing' });
  });

  it.each([
    ['PartnerSignInExpired', { signIn: 'expired' }],
    ['PartnerMfaRequired', { signIn: 'mfaRequired' }],
  ] as const)('with %s, although an older token of Partner Center may be left', async (code, user) => {
    const tenant = await createCustomer();
    tenant.simulator.partner.user.patch(user);
    expect(await failing(tenant)).toMatchObject({ status: 409, code });
  });

  it('while Microsoft throttles, and succeeds later', async () => {
    const tenant = await createCustomer();
    const { faults } = tenant.simulator;
    faults.add({
      ...{ match: { operation: 'partner-center' }, times: 1 },
      effect: { kind: 'too-many-requests', retryAfterSeconds: 60 },
    });
    expect(await failing(tenant)).toMatchObject({
      ...{ status: 503, code: 'MicrosoftUnavailable', headers: { 'Retry-After': '60' } },
    });
    expect(consentSchema.parse((await consent(tenant)).result).tenant.state).toBe('Active');
  });
});
