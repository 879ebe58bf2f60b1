/** Onboardings with consent by the partner's relationships. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { mostWaits } from '../../../shared/onboardings/onboarding-work.ts';
import { createFakePartnerCenter } from '../../support/fakes/partner-center.ts';
import { crashAt, createFaults } from '../../support/faults.ts';
import { createPartner, idOf, rowsOf, runOnboarding } from './onboarding-world.ts';

describe('consent by relationship', () => {
  it('that is not configured is said by each row, and the tenants are registered', async () => {
    const partner = createPartner();
    const result = await runOnboarding(partner, { tenants: rowsOf(1, 2), consent: 'relationship' });
    expect(result).toMatchObject({ status: 'Succeeded', consentRefusedCount: 2 });
    for (const each of result.tenants) {
      expect(each).toMatchObject({
        ...{
          status: 'ConsentRefused',
          tenantState: 'PendingConsent',
          errorCode: 'PartnerCenterNotConfigured',
        },
        errorMessage: expect.stringContaining('or send a consent link') as string,
      });
    }
  });

  it('names a grant that was refused, although the tenant is collected', async () => {
    const partnerCenter = createFakePartnerCenter();
    const partner = createPartner({ partnerCenter });
    partnerCenter.afterGrant(() => {
      partner.signIn.grantAll();
    });
    partnerCenter.refuse('assignRole', new UpstreamError('fail', 'Denied', 'No.', { cure: 'Ask.' }));
    const { tenants } = await runOnboarding(partner, { tenants: rowsOf(1), consent: 'relationship' });
    expect(tenants).toMatchObject([
      { status: 'Registered', errorCode: 'Denied', errorMessage: 'exchangeRole was not granted. No. Ask.' },
    ]);
  });

  it('is not requested for a tenant that has consented', async () => {
    const partnerCenter = createFakePartnerCenter();
    const partner = createPartner({ partnerCenter });
    partner.signIn.grantAll();
    await runOnboarding(partner, { tenants: rowsOf(1), consent: 'relationship' });
    expect(partnerCenter.grantsOf(idOf(1))).toEqual([]);
  });

  it('waits while Microsoft cannot answer', async () => {
    const partnerCenter = createFakePartnerCenter();
    const partner = createPartner({ partnerCenter });
    partnerCenter.refuse('consent', new UpstreamError('retry', 'HTTP503', 'Busy.'));
    const { tenants } = await runOnboarding(partner, { tenants: rowsOf(1), consent: 'relationship' });
    expect(tenants).toMatchObject([{ status: 'ConsentRefused', errorCode: 'MicrosoftUnavailable' }]);
    expect(partner.queues.operations).toHaveLength(1 + mostWaits);
  });

  it('lets all rows wait while Microsoft throttles', async () => {
    const throttled = { retryAfterMs: 90_000 };
    const partnerCenter = createFakePartnerCenter();
    partnerCenter.refuse('consent', new UpstreamError('pause', 'HTTP429', 'Too many.', throttled));
    const busy = createPartner({ partnerCenter });
    const { id } = await busy.start({ tenants: rowsOf(1, 2), consent: 'relationship' });
    const [first] = busy.queues.operations;
    if (first !== undefined) await busy.host(first.message);
    expect(busy.queues.operations.map(({ delayMs }) => delayMs)).toEqual([0, 90_000]);
    expect((await busy.read(id)).doneCount).toBe(0);
    expect(await busy.tenants.list()).toHaveLength(1);
  });

  it('comes to the same wherever a host is killed', async () => {
    const make = () => {
      const partnerCenter = createFakePartnerCenter();
      const partner = createPartner({ partnerCenter });
      partnerCenter.afterGrant((_, what) => {
        if (what === 'consent') partner.signIn.grantAll();
      });
      return partner;
    };
    const related = { tenants: rowsOf(1), consent: 'relationship' };
    const calm = make();
    const { id } = await calm.start(related);
    const counting = createFaults();
    await calm.settle([counting]);
    expect((await calm.read(id)).tenants).toMatchObject([{ status: 'Registered', tenantState: 'Active' }]);
    for (let at = 0; at < counting.steps.length; at++) {
      const partner = make();
      const started = await partner.start(related);
      await partner.settle([crashAt(at, 'crashAfter')]);
      expect((await partner.read(started.id)).tenants).toEqual((await calm.read(id)).tenants);
    }
  });
});
