/** Consent on the strength of a partner's relationship with its customer. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import {
  consentByRelationship,
  type RelationshipOptions,
} from '../../../shared/partner-center/consent-by-relationship.ts';
import { partnerRefusals } from '../../../shared/partner-center/partner-center.ts';
import { exchangeAdministrator } from '../../../shared/tenants/privileged-roles.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { createOnboardingWorld, pendingFabrikam } from '../tenants/onboarding-world.ts';

const noConsent = new UpstreamError('fail', 'AADSTS7000229', 'No service principal.', { cure: 'Consent.' });
const roleMissing = new UpstreamError('fail', 'PartnerRoleMissing', 'The user lacks a role.', {
  cure: 'Add the role to the relationship.',
});
const usual = [
  'consent',
  'permission:ActivityFeed.Read',
  'permission:RoleManagement.Read.Directory',
  'permission:Directory.Read.All',
  'permission:Exchange.ManageAsApp',
  'exchangeRole',
];

/** Sign-in refuses the application until the partner has granted ActivityFeed.Read. */
function createWorld(tenant: Tenant = pendingFabrikam()) {
  const world = createOnboardingWorld({ tenants: [tenant] });
  const { partnerCenter } = world;
  world.signIn.refuse(noConsent);
  partnerCenter.afterGrant((_tenantId, what) => {
    if (what === 'ActivityFeed.Read') world.signIn.grantAll();
  });
  const deps = world.depsOf();
  const consent = (options?: RelationshipOptions) => consentByRelationship(deps, fabrikamId, options);
  return { ...world, partnerCenter, deps, consent };
}

describe('consent by a relationship', () => {
  it('grants consent, permissions, and the Exchange role, and makes the tenant active without a link', async () => {
    const { consent, stored, queues } = createWorld();
    const { tenant, grants } = await consent();
    expect(grants).toEqual(usual.map((name) => ({ name, state: 'Granted' })));
    expect(tenant.state).toBe('Active');
    expect(await stored()).toMatchObject({ state: 'Active' });
    expect(queues.pollRequests).toHaveLength(1);
  });

  it('repeated, grants nothing twice', async () => {
    const { consent, partnerCenter } = createWorld();
    await consent();
    const before = partnerCenter.grantsOf(fabrikamId);
    expect((await consent()).grants).toEqual(usual.map((name) => ({ name, state: 'AlreadyGranted' })));
    expect(partnerCenter.grantsOf(fabrikamId)).toEqual(before);
  });

  it('continues where it was interrupted', async () => {
    const { consent, partnerCenter } = createWorld();
    partnerCenter.refuse('grant', new UpstreamError('pause', 'HTTP429', 'Too many requests.'));
    await expect(consent()).rejects.toMatchObject({ status: 503 });
    partnerCenter.refuseNothing();
    const { grants } = await consent();
    expect(grants.map(({ state }) => state)).toEqual([
      'AlreadyGranted',
      ...usual.slice(1).map(() => 'Granted'),
    ]);
  });

  it('requests another check before the first, so that a crash in between loses nothing', async () => {
    const { consent, queues, signIn } = createWorld();
    const requested: number[] = [];
    signIn.meanwhile(() => Promise.resolve(void requested.push(queues.tenantChecks.length)));
    await consent();
    expect(requested[0]).toBe(1);
  });

  it('grants what DLP.All and backfills need only where they are used', async () => {
    const { consent, partnerCenter } = createWorld(pendingFabrikam({ contentTypes: ['DLP.All'] }));
    await consent({ backfill: true });
    const granted = partnerCenter.grantsOf(fabrikamId);
    expect(granted).toContain('ActivityFeed.ReadDlp');
    expect(granted).toContain('AuditLogsQuery.Read.All');
  });

  it('leaves the Exchange role out on request', async () => {
    const { consent, partnerCenter } = createWorld();
    const { grants } = await consent({ exchangeRole: false });
    expect(grants.map(({ name }) => name)).toEqual(usual.slice(0, -1));
    expect(partnerCenter.grantsOf(fabrikamId)).not.toContain(exchangeAdministrator);
  });

  it('without the right to assign the Exchange role still makes the tenant active, and says what is missing', async () => {
    const { consent, partnerCenter } = createWorld();
    partnerCenter.refuse('assignRole', roleMissing);
    const { tenant, grants } = await consent();
    expect(tenant.state).toBe('Active');
    const { code, message, cure } = roleMissing;
    expect(grants.at(-1)).toEqual({ name: 'exchangeRole', state: 'Refused', code, message, cure });
  });

  it('shows a refused permission that collection does not need, and grants the others', async () => {
    const { consent, partnerCenter } = createWorld();
    partnerCenter.refuse('Directory.Read.All', roleMissing);
    const { tenant, grants } = await consent();
    expect(tenant.state).toBe('Active');
    expect(grants.filter(({ state }) => state === 'Refused').map(({ name }) => name)).toEqual([
      'permission:Directory.Read.All',
    ]);
  });

  it('fails when the permission to collect is refused', async () => {
    const { consent, partnerCenter, stored } = createWorld();
    partnerCenter.refuse('ActivityFeed.Read', roleMissing);
    await expect(consent()).rejects.toMatchObject({ status: 409, code: 'PartnerRoleMissing' });
    expect(await stored()).toMatchObject({ state: 'PendingConsent' });
  });
});

describe('a refusal', () => {
  it.each(partnerRefusals)('%s is answered with its code and what to do', async (code) => {
    const { consent, partnerCenter } = createWorld();
    partnerCenter.refuse('consent', new UpstreamError('fail', code, 'Not so.', { cure: 'Do this.' }));
    await expect(consent()).rejects.toMatchObject({ status: 409, code, message: 'Not so. Do this.' });
  });

  it('that is not known is answered with the code of Microsoft in its message', async () => {
    const { consent, partnerCenter } = createWorld();
    partnerCenter.refuse('consent', new UpstreamError('fail', 'HTTP418', 'Odd.'));
    await expect(consent()).rejects.toMatchObject({
      ...{ status: 409, code: 'PartnerCenterRefused' },
      message: 'HTTP418: Odd. See docs/partner-center.md.',
    });
  });

  it('that passes says when to try again', async () => {
    const { consent, partnerCenter } = createWorld();
    const throttled = new UpstreamError('pause', 'HTTP429', 'Too many requests.', { retryAfterMs: 90_000 });
    partnerCenter.refuse('consent', throttled);
    await expect(consent()).rejects.toMatchObject({
      ...{ status: 503, code: 'MicrosoftUnavailable', headers: { 'Retry-After': '90' } },
    });
    partnerCenter.refuseNothing();
    partnerCenter.refuse('assignRole', throttled);
    await expect(consent()).rejects.toMatchObject({ status: 503 });
  });

  it('for want of settings says which, and asks Microsoft nothing', async () => {
    const { deps } = createWorld();
    const consenting = consentByRelationship({ ...deps, partnerCenter: undefined }, fabrikamId);
    await expect(consenting).rejects.toMatchObject({
      ...{ status: 409, code: 'PartnerCenterNotConfigured' },
      message: expect.stringContaining('AUDITKEEP_PARTNER_REFRESH_TOKEN') as string,
    });
  });

  it('protects tenants that are not registered, are being removed, or are in a cloud without it', async () => {
    const { deps, partnerCenter, tenants } = createWorld();
    await expect(consentByRelationship(deps, adatumId)).rejects.toMatchObject({
      ...{ status: 404, code: 'TenantNotFound' },
    });
    await tenants.update(fabrikamId, { state: 'Removing' });
    await expect(consentByRelationship(deps, fabrikamId)).rejects.toMatchObject({
      ...{ status: 409, code: 'TenantBeingRemoved' },
    });
    await tenants.update(fabrikamId, { state: 'PendingConsent', cloud: 'dod' });
    await expect(consentByRelationship(deps, fabrikamId)).rejects.toMatchObject({
      ...{ status: 409, code: 'PartnerCenterNotOffered' },
    });
    expect(partnerCenter.grantsOf(fabrikamId)).toEqual([]);
  });
});
