/** The customers of a partner, next to the tenants that are registered. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { listCustomers } from '../../../shared/partner-center/list-customers.ts';
import { createFakePartnerCenter } from '../../support/fakes/partner-center.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { activeFabrikam } from '../tenants/onboarding-world.ts';

const guidAt = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const customerAt = (at: number) => ({
  tenantId: guidAt(at),
  displayName: `Customer ${at}`,
  domain: undefined,
});

function createWorld() {
  const partnerCenter = createFakePartnerCenter();
  const tenants = createFakeTenantStore([activeFabrikam()]);
  return { partnerCenter, list: () => listCustomers({ partnerCenter, tenants }) };
}

describe('the customers of a partner', () => {
  it('are all there, in order of name, with the state of those that are registered', async () => {
    const { partnerCenter, list } = createWorld();
    const fabrikam = { tenantId: fabrikamId, displayName: 'Fabrikam', domain: 'fabrikam.example' };
    partnerCenter.listed.push(fabrikam, customerAt(2), customerAt(1));
    expect(await list()).toEqual([
      { ...customerAt(1), state: undefined },
      { ...customerAt(2), state: undefined },
      { ...fabrikam, state: 'Active' },
    ]);
  });

  it('that several pages list are there once', async () => {
    const { partnerCenter, list } = createWorld();
    partnerCenter.listed.push(customerAt(1), customerAt(2), customerAt(1));
    expect(await list()).toHaveLength(2);
  });

  it('are refused rather than cut off when they are too many for an answer', async () => {
    const { partnerCenter, list } = createWorld();
    partnerCenter.listed.push(...Array.from({ length: 20_001 }, (_, at) => customerAt(at)));
    await expect(list()).rejects.toMatchObject({ status: 409, code: 'PartnerCenterRefused' });
  });

  it('cannot be listed while Partner Center refuses, which says what to do', async () => {
    const { partnerCenter, list } = createWorld();
    const refusal = new UpstreamError('fail', 'PartnerSignInExpired', 'Expired.', { cure: 'Sign in again.' });
    partnerCenter.refuse('customers', refusal);
    await expect(list()).rejects.toMatchObject({
      ...{ status: 409, code: 'PartnerSignInExpired', message: 'Expired. Sign in again.' },
    });
  });
});
