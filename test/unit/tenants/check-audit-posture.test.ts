/** The daily check of all tenants. */
import { describe, expect, it } from 'vitest';
import { checkAuditPostures } from '../../../shared/enablement/check-posture.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { createFakeEnablementQueue } from '../../support/fakes/enablement-queue.ts';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakePostureStore } from '../../support/fakes/posture-store.ts';
import { failNext } from '../../support/faults.ts';
import { forgetTenant, adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';
import { activeFabrikam, createOnboardingWorld, pendingFabrikam } from './onboarding-world.ts';

const adatum = tenantNamed('Adatum', { tenantId: adatumId });

function createWorld(tenants: readonly Tenant[]) {
  const world = createOnboardingWorld({ tenants });
  const postures = createFakePostureStore();
  const deps = {
    ...{
      ...world.depsOf(),
      exchange: world.exchange,
      postures,
      enablements: createFakeOperationStore(enablementKind),
    },
    queues: createFakeEnablementQueue(world.clock.now),
  };
  const look = (changes: Partial<typeof deps> = {}) => checkAuditPostures({ ...deps, ...changes });
  return { ...world, postures, look };
}

describe('the daily check', () => {
  it('keeps a posture and the checks of an active tenant', async () => {
    const world = createWorld([activeFabrikam()]);
    await world.look();
    expect(await world.postures.list(fabrikamId, 9)).toHaveLength(1);
    expect((await world.stored()).checks).not.toEqual([]);
  });

  it('reports a stopped subscription before it starts it again', async () => {
    const world = createWorld([activeFabrikam()]);
    await world.look();
    expect(await world.postures.list(fabrikamId, 1)).toMatchObject([
      { subscriptionsMissing: ['Audit.Exchange', 'Audit.SharePoint'] },
    ]);
    expect(world.feed.started).toEqual(['Audit.Exchange', 'Audit.SharePoint']);
  });

  it('finds consent that was granted without the link', async () => {
    const world = createWorld([pendingFabrikam()]);
    await world.look();
    expect((await world.stored()).state).toBe('Active');
    expect(await world.postures.list(fabrikamId, 9)).toEqual([]);
  });

  it('skips a tenant that is being removed', async () => {
    const world = createWorld([activeFabrikam({ state: 'Removing' })]);
    const before = await world.stored();
    await world.look();
    expect(await world.stored()).toEqual(before);
    expect(await world.postures.list(fabrikamId, 9)).toEqual([]);
    expect(world.feed.started).toEqual([]);
  });

  it.each([
    ['removed', (tenants: ReturnType<typeof createWorld>['tenants']) => forgetTenant(tenants, fabrikamId)],
    [
      'begun to be removed',
      (tenants: ReturnType<typeof createWorld>['tenants']) =>
        tenants.update(fabrikamId, { state: 'Removing' }),
    ],
  ])('does not touch a tenant that was %s since they were listed', async (_how, change) => {
    const world = createWorld([activeFabrikam()]);
    const tenants: typeof world.tenants = {
      ...world.tenants,
      list: async () => {
        const listed = await world.tenants.list();
        await change(world.tenants);
        return listed;
      },
    };
    await world.look({ tenants });
    expect(await world.postures.list(fabrikamId, 9)).toEqual([]);
    expect(world.feed.started).toEqual([]);
  });

  it('checks the others when one fails, and then fails', async () => {
    const world = createWorld([activeFabrikam(), adatum]);
    const tenants = failNext('tenants.updateIfUnchanged', new Error('Storage is away.'));
    await expect(world.look({ tenants: tenants.inject('tenants', world.tenants) })).rejects.toThrow();
    const looked = (await world.tenants.list()).filter(({ checks }) => checks.length > 0);
    expect(looked).toHaveLength(1);
  });
});
