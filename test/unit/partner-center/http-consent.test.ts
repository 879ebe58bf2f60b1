/** Customers and consent over HTTP. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { createHttpWorld, errorOf } from '../tenants/http-world.ts';
import { activeFabrikam, pendingFabrikam } from '../tenants/onboarding-world.ts';

const fabrikam = { tenantId: fabrikamId, displayName: 'Fabrikam', domain: 'fabrikam.example' };
const adatum = { tenantId: adatumId, displayName: 'Adatum', domain: undefined };

describe('GET /customers', () => {
  it('lists customers, which of them are registered, and in which state', async () => {
    const { customers, partnerCenter } = await createHttpWorld([activeFabrikam()]);
    partnerCenter.listed.push(fabrikam, adatum);
    expect(await customers()).toMatchObject({
      status: 200,
      jsonBody: {
        value: [
          { tenantId: adatumId, displayName: 'Adatum', registered: false },
          { ...fabrikam, registered: true, state: 'Active' },
        ],
      },
    });
  });

  it('without a connection says what to configure', async () => {
    const { customers } = await createHttpWorld([], { hasPartnerCenter: false });
    expect(await customers()).toMatchObject({
      ...{ status: 409, jsonBody: errorOf('PartnerCenterNotConfigured') },
    });
  });

  it('is for callers who may manage all tenants', async () => {
    for (const given of [{ boundTo: fabrikamId }, { scopes: ['records.read'] } as const]) {
      const { customers } = await createHttpWorld([activeFabrikam()], given);
      expect(await customers()).toMatchObject({ status: 403, jsonBody: errorOf('Forbidden') });
    }
  });
});

describe('POST /tenants/{tenantId}/consents', () => {
  it('makes a tenant active without a link, and shows what was granted', async () => {
    const { grantConsent, stored } = await createHttpWorld([pendingFabrikam()]);
    const answer = await grantConsent();
    expect(answer).toMatchObject({
      status: 200,
      jsonBody: { tenant: { tenantId: fabrikamId, state: 'Active' }, grants: { length: 6 } },
    });
    expect(await stored()).toMatchObject({ state: 'Active' });
  });

  it('takes options, and no others', async () => {
    const { grantConsent, partnerCenter } = await createHttpWorld([pendingFabrikam()]);
    expect(await grantConsent({ backfill: true, exchangeRole: false })).toMatchObject({ status: 200 });
    expect(partnerCenter.grantsOf(fabrikamId)).toContain('AuditLogsQuery.Read.All');
    expect(await grantConsent({ everything: true })).toMatchObject({ status: 400 });
  });

  it('is refused to a key that is bound to the tenant, and to one that may only read', async () => {
    for (const given of [{ boundTo: fabrikamId }, { scopes: ['records.read'] } as const]) {
      const { grantConsent, partnerCenter } = await createHttpWorld([pendingFabrikam()], given);
      expect(await grantConsent()).toMatchObject({ status: 403, jsonBody: errorOf('Forbidden') });
      expect(partnerCenter.grantsOf(fabrikamId)).toEqual([]);
    }
  });

  it('answers 404 for a tenant that is not registered', async () => {
    const { grantConsent } = await createHttpWorld([pendingFabrikam()]);
    expect(await grantConsent({}, adatumId)).toMatchObject({
      ...{ status: 404, jsonBody: errorOf('TenantNotFound') },
    });
  });

  it('passes on what Microsoft wants: code, message, and when to try again', async () => {
    const { grantConsent, partnerCenter } = await createHttpWorld([pendingFabrikam()]);
    partnerCenter.refuse('consent', new UpstreamError('fail', 'PartnerMfaRequired', 'No MFA.'));
    expect(await grantConsent()).toMatchObject({ status: 409, jsonBody: errorOf('PartnerMfaRequired') });
    partnerCenter.refuse('consent', new UpstreamError('pause', 'HTTP429', 'Busy.', { retryAfterMs: 5000 }));
    expect(await grantConsent()).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });
});
