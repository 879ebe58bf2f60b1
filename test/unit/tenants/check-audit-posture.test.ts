/** The daily check of all tenants. */
import { describe, expect, it } from 'vitest';
import { requestDailyChecks, runDailyCheck } from '../../../shared/enablement/check-posture.ts';
import type { TenantCheckMessage } from '../../../shared/tenants/check-tenant.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { createFakeEnablementQueue } from '../../support/fakes/enablement-queue.ts';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakePostureStore } from '../../support/fakes/posture-store.ts';
import { minuteMs } from '../../support/clock.ts';
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
  const { queues } = deps;
  /** Delivers all messages; those that fail are left. */
  const look = async (changes: Partial<typeof deps> = {}) => {
    const changed = { ...deps, ...changes };
    await requestDailyChecks(changed);
    const run = ({ tenantId }: TenantCheckMessage) => runDailyCheck(changed, tenantId);
    return await Promise.allSettled(queues.tenantChecks.map(({ message }) => run(message)));
  };
  return { ...world, deps, postures, look };
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

  it('checks the others when one fails', async () => {
    const world = createWorld([activeFabrikam(), adatum]);
    const tenants = failNext('tenants.updateIfUnchanged', new Error('Storage is away.'));
    const outcomes = await world.look({ tenants: tenants.inject('tenants', world.tenants) });
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    const looked = (await world.tenants.list()).filter(({ checks }) => checks.length > 0);
    expect(looked).toHaveLength(1);
  });

  it('records who administers an active tenant, and no other', async () => {
    const world = createWorld([activeFabrikam(), tenantNamed('Adatum', { ...adatum, state: 'Removing' })]);
    await world.look();
    expect(world.telemetry.of('tenants.roleHolders.recorded')).toMatchObject([{ tenantId: fabrikamId }]);
  });

  it('gives every call to Microsoft the budget of its own message', async () => {
    const { deps, clock } = createWorld([activeFabrikam()]);
    const calls: string[] = [];
    const budget = clock.startBudget(minuteMs);
    const watched = <T extends object>(port: T): T =>
      new Proxy(port, {
        get:
          (target, name) =>
          (...args: unknown[]) => {
            if (args.at(-1) !== budget) calls.push(String(name));
            const method: unknown = Reflect.get(target, name);
            return typeof method === 'function' ? (Reflect.apply(method, target, args) as unknown) : method;
          },
      });
    const { feed, exchange, directory, signIn } = deps;
    const microsoft = { exchange: watched(exchange), directory: watched(directory), signIn: watched(signIn) };
    await runDailyCheck({ ...deps, ...microsoft, feed: watched(feed), budget }, fabrikamId);
    expect(calls).toEqual([]);
  });
});
