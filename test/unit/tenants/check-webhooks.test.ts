/** The webhooks of the feed, as the check of a tenant finds and renews them. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { markingStops } from '../../../shared/landing/feed-stops.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { checkTenant } from '../../../shared/tenants/check-tenant.ts';
import { checksOf } from '../../../shared/tenants/tenant-checks.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { minuteMs } from '../../support/clock.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { activeFabrikam, createOnboardingWorld, pendingFabrikam } from './onboarding-world.ts';

const contentTypes = ['Audit.Exchange', 'Audit.General'] as const;
const notReached = new UpstreamError('fail', 'AF20021', 'Microsoft could not reach the address.');

const createRunning = () =>
  createOnboardingWorld({ tenants: [activeFabrikam({ contentTypes })], running: contentTypes });

function checkOf(tenant: Tenant) {
  return checksOf(tenant).find(({ name }) => name === 'feedWebhook');
}

describe('the check of webhooks', () => {
  it('does not exist while webhooks are off', async () => {
    const world = createRunning();
    expect(checkOf(await world.check())).toBeUndefined();
    expect(world.feed.renewed).toEqual([]);
  });

  it('passes, and starts nothing, when all are as wanted', async () => {
    const world = createRunning();
    world.feed.setWebhooks('current', 'current');
    expect(checkOf(await world.check())).toMatchObject({ state: 'Passed' });
    expect([world.feed.renewed, world.feed.started]).toEqual([[], []]);
  });

  it('passes for subscriptions that were started with one', async () => {
    const world = createOnboardingWorld({ tenants: [pendingFabrikam({ contentTypes })] });
    world.feed.setWebhooks('current', 'current');
    expect(checkOf(await world.check())).toMatchObject({ state: 'Passed' });
    expect(world.feed.started).toEqual(contentTypes);
  });

  it('renews those that Microsoft dropped, disabled, or has outdated', async () => {
    const world = createRunning();
    world.feed.setWebhooks('outdated', 'current');
    expect(checkOf(await world.check())).toMatchObject({ state: 'Passed' });
    expect([world.feed.renewed, world.feed.started]).toEqual([contentTypes, []]);
  });

  it('renews nothing for 15 minutes, in whatever process, and says that it is pending', async () => {
    const world = createRunning();
    world.feed.setWebhooks('outdated', 'current');
    await world.check();
    world.clock.advance(15 * minuteMs - 1);
    expect(checkOf(await world.check())).toMatchObject({ state: 'NotChecked' });
    expect(world.feed.renewed).toHaveLength(2);
    world.clock.advance(1);
    expect(checkOf(await world.check())).toMatchObject({ state: 'Passed' });
    expect(world.feed.renewed).toHaveLength(4);
  });

  it('fails with what to do when Microsoft refuses; the tenant stays active, and its subscriptions run', async () => {
    const world = createRunning();
    world.feed.setWebhooks('outdated', 'current');
    world.feed.refuse('renew', 'Audit.General', notReached);
    const tenant = await world.check();
    expect(checkOf(tenant)).toMatchObject({
      ...{ state: 'Failed', code: 'AF20021', message: notReached.message },
      cure: expect.stringContaining('Nothing is lost') as unknown,
    });
    expect(tenant.state).toBe('Active');
    expect(tenant.subscriptions.every(({ enabled }) => enabled)).toBe(true);
    world.clock.advance(minuteMs);
    expect(checkOf(await world.check())).toEqual(checkOf(tenant));
    expect(world.feed.renewed).toHaveLength(2);
  });

  it('fails when a subscription had to be started without one, which runs', async () => {
    const world = createOnboardingWorld({ tenants: [pendingFabrikam({ contentTypes })] });
    world.feed.setWebhooks('outdated', notReached);
    const tenant = await world.check();
    expect(checkOf(tenant)).toMatchObject({ state: 'Failed', code: 'AF20021' });
    expect([tenant.state, world.queues.pollRequests.length]).toEqual(['Active', 1]);
    expect(tenant.subscriptions.every(({ enabled }) => enabled)).toBe(true);
    expect(world.feed.renewed).toEqual([]);
  });

  it('keeps what it knew when subscriptions cannot be listed', async () => {
    const world = createRunning();
    world.feed.setWebhooks('current', 'none');
    const before = checkOf(await world.check());
    world.clock.advance(minuteMs);
    world.feed.refuse('subscriptions', '*', new UpstreamError('retry', 'AF50000', 'A fault.'));
    expect(checkOf(await world.check())).toEqual(before);
  });

  it('renews none of a content type that is not collected', async () => {
    const tenants = [activeFabrikam({ contentTypes: ['Audit.General'] })];
    const world = createOnboardingWorld({ tenants, running: contentTypes });
    world.feed.setWebhooks('outdated', 'current');
    await world.check();
    expect(world.feed.renewed).toEqual(['Audit.General']);
  });

  it('disappears when webhooks are off again, once they are removed', async () => {
    const world = createRunning();
    world.feed.setWebhooks('outdated', 'none');
    await world.check();
    expect(world.feed.renewed).toEqual(contentTypes);
    world.feed.setWebhooks('none', 'none');
    expect(checkOf(await world.check())).toBeUndefined();
  });
});

describe('a renewed webhook', () => {
  it('marks no stop of the feed: the subscription never stopped', async () => {
    const world = createRunning();
    const ledger = createFakeLedger();
    const listedThrough = world.clock.now();
    for (const contentType of contentTypes) await ledger.advance(fabrikamId, { contentType, listedThrough });
    const before = await ledger.checkpoints(fabrikamId);
    world.feed.setWebhooks('outdated', 'current');
    await checkTenant({ ...world.depsOf(), feed: markingStops(world.feed, ledger) }, await world.stored());
    expect(world.feed.renewed).toEqual(contentTypes);
    expect(await ledger.checkpoints(fabrikamId)).toEqual(before);
  });

  it('leaves no subscription running in a tenant whose removal began meanwhile', async () => {
    const world = createRunning();
    world.feed.setWebhooks('outdated', 'current');
    const feed: typeof world.feed = {
      ...world.feed,
      renewWebhook: async (...renewed) => {
        await startRemoval(world.depsOf(), { tenantId: fabrikamId, purge: false, createdBy: 'key-1' });
        await world.drainRemovals();
        await world.feed.renewWebhook(...renewed);
      },
    };
    await checkTenant({ ...world.depsOf(), feed }, await world.stored());
    expect(await world.feed.listSubscriptions(pendingFabrikam())).toEqual([]);
  });
});
