import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { checkTenant } from '../../../shared/tenants/check-tenant.ts';
import { runningSubscription } from '../../../shared/tenants/start-subscriptions.ts';
import { checksOf } from '../../../shared/tenants/tenant-checks.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { minuteMs } from '../../support/clock.ts';
import { createFaults, crashAt, failNext } from '../../support/faults.ts';
import { forgetTenant, fabrikamId } from '../../support/tenants.ts';
import {
  activeFabrikam,
  createOnboardingWorld,
  pendingFabrikam,
  type OnboardingWorld,
} from './onboarding-world.ts';

const noConsent = new UpstreamError('fail', 'AADSTS7000229', 'No service principal.', { cure: 'Consent.' });
const firstPoll = { version: 1, tenantId: fabrikamId, reason: 'registered' };
const message = { version: 1, tenantId: fabrikamId, attempt: 1 } as const;

describe('the domains of a tenant', () => {
  it('are read with every check, in their canonical form, each once', async () => {
    const world = createOnboardingWorld({ tenants: [activeFabrikam({ domain: 'fabrikam.example' })] });
    world.directory.answerDomainsWith([
      'Bücher.example',
      'not a domain',
      'FABRIKAM.example',
      'fabrikam.example',
    ]);
    const domains = ['fabrikam.example', 'xn--bcher-kva.example'];
    expect((await world.check()).domains).toEqual(domains);
    expect((await world.stored()).domains).toEqual(domains);
    world.directory.answerDomainsWith(['fabrikam.example']);
    await world.check();
    expect((await world.stored()).domains).toEqual(['fabrikam.example']);
  });

  it('have the time at which they were last read', async () => {
    const world = createOnboardingWorld({ tenants: [activeFabrikam()] });
    world.directory.answerDomainsWith(['fabrikam.example']);
    const read = world.clock.now().toISOString();
    expect((await world.check()).domainsReadDateTime).toBe(read);
    world.clock.advance(minuteMs);
    world.directory.answerDomainsWith(new UpstreamError('retry', 'HTTP503', 'Later.'));
    await world.check();
    expect((await world.stored()).domainsReadDateTime).toBe(read);
    world.directory.answerDomainsWith(['fabrikam.example']);
    await world.check();
    expect((await world.stored()).domainsReadDateTime).toBe(world.clock.now().toISOString());
  });

  it.each([
    [
      'Graph refuses',
      (world: OnboardingWorld) => {
        world.directory.answerDomainsWith(new UpstreamError('retry', 'HTTP503', 'Later.'));
      },
    ],
    [
      'the permission is missing',
      (world: OnboardingWorld) => {
        world.signIn.grant('graph', ['RoleManagement.Read.Directory']);
        world.directory.answerDomainsWith(['other.example']);
      },
    ],
    [
      'Graph returns none',
      (world: OnboardingWorld) => {
        world.directory.answerDomainsWith([]);
      },
    ],
  ])('stay as they were when %s', async (_what, prepare) => {
    const domains = ['fabrikam.example', 'fabrikam-cdn.example'];
    const world = createOnboardingWorld({ tenants: [activeFabrikam({ domains })] });
    prepare(world);
    await world.check();
    expect((await world.stored()).domains).toEqual(domains);
  });

  it('are limited to what a row holds, with that of the registration first', async () => {
    const world = createOnboardingWorld({ tenants: [activeFabrikam({ domain: 'last.example' })] });
    const many = Array.from({ length: 5000 }, (_, at) => `domain-${at}.fabrikam.example`);
    world.directory.answerDomainsWith([...many, 'last.example']);
    const { domains = [] } = await world.check();
    expect(domains.slice(0, 2)).toEqual(['last.example', 'domain-0.fabrikam.example']);
    expect(domains.length).toBeGreaterThan(300);
    expect(JSON.stringify(domains).length).toBeLessThan(32 * 1024);
  });
});

describe('checking a pending tenant', () => {
  it('whose consent is granted activates it, starts its subscriptions and requests its first poll', async () => {
    const world = createOnboardingWorld();
    world.directory.answerWith([{ id: 'h1', type: 'user', assignment: 'active' }]);
    const checked = await world.check();
    expect(checked.state).toBe('Active');
    const { state, checks, subscriptions } = await world.stored();
    expect({ state, checks, subscriptions }).toEqual({
      state: 'Active',
      checks: checked.checks,
      subscriptions: checked.contentTypes.map((contentType) =>
        runningSubscription(contentType, world.clock.now()),
      ),
    });
    expect(checks.some(({ name }) => name.startsWith('subscription:'))).toBe(false);
    expect(
      checksOf(checked)
        .map(({ name }) => name)
        .slice(-2),
    ).toEqual(['subscription:Audit.Exchange', 'subscription:Audit.SharePoint']);
    expect(world.queues.pollRequests).toEqual([firstPoll]);
    expect(world.telemetry.of('tenants.roleHolders.recorded')).toHaveLength(1);
    expect(world.telemetry.of('tenants.tenant.activated')).toEqual([{ tenantId: fabrikamId }]);
  });

  it('activates it once, however many checks run at once', async () => {
    const world = createOnboardingWorld();
    const tenant = await world.stored();
    await Promise.all([1, 2, 3].map(() => checkTenant(world.depsOf(), tenant)));
    await world.check();
    expect(world.telemetry.of('tenants.tenant.activated')).toHaveLength(1);
    expect(world.queues.pollRequests).toEqual([firstPoll]);
    expect((await world.stored()).state).toBe('Active');
  });

  it.each([
    ['consent', () => noConsent],
    ['the permission to read the feed', () => ['ActivityFeed.ReadDlp']],
  ])('leaves it pending without %s, does not call the feed, and reports it', async (_what, answer) => {
    const world = createOnboardingWorld();
    world.signIn.grant('activityApi', answer());
    expect((await world.check()).state).toBe('PendingConsent');
    const { state, checks, subscriptions } = await world.stored();
    expect({ state, subscriptions }).toEqual({ state: 'PendingConsent', subscriptions: [] });
    expect(checks.some((check) => check.state === 'Failed' && check.cure !== undefined)).toBe(true);
    expect(world.feed.started).toEqual([]);
    expect(world.queues.pollRequests).toEqual([]);
    expect(world.telemetry.of('tenants.tenant.activated')).toEqual([]);
  });

  it('activates it without permissions of other features, and reports what is missing', async () => {
    const world = createOnboardingWorld();
    world.signIn.grant('graph', []);
    world.signIn.grant('exchange', noConsent);
    expect((await world.check()).state).toBe('Active');
    expect(world.telemetry.of('tenants.tenant.checked')).toEqual([
      {
        tenantId: fabrikamId,
        failed:
          'permission:RoleManagement.Read.Directory permission:Directory.Read.All permission:Exchange.ManageAsApp',
      },
    ]);
  });

  it('activates it although auditing is off, and reports that it must be turned on', async () => {
    const world = createOnboardingWorld();
    const off = new UpstreamError('waitForAuditing', 'TenantDoesNotExist', 'The audit log is off.');
    world.feed.refuse('start', '*', off);
    await world.check();
    const stored = await world.stored();
    expect(stored.state).toBe('Active');
    expect(checksOf(stored).at(-1)).toMatchObject({
      name: 'subscription:Audit.SharePoint',
      state: 'Failed',
      cure: 'Turn auditing on: start an enablement.',
    });
  });
});

/** It may pass, and says nothing of a subscription. */
const fault = new UpstreamError('retry', 'AF50000', 'A fault.');

describe('a check during which Microsoft fails', () => {
  it('says nothing of subscriptions of which nothing was known, reports the failure, and is repeated', async () => {
    const world = createOnboardingWorld();
    world.feed.refuse('start', '*', fault);
    await world.runCheck(message);
    const stored = await world.stored();
    expect([stored.state, stored.subscriptions]).toEqual(['Active', []]);
    expect(world.telemetry.of('activity.subscription.failed')).toHaveLength(2);
    expect(world.queues.tenantChecks).toHaveLength(1);
  });

  it('keeps what was known of them', async () => {
    const world = createOnboardingWorld();
    const { subscriptions } = await world.check();
    world.clock.advance(minuteMs);
    world.feed.refuse('subscriptions', '*', fault);
    world.feed.refuse('start', '*', fault);
    await world.check();
    expect((await world.stored()).subscriptions).toEqual(subscriptions);
  });
});

describe('checking an active tenant', () => {
  it('that has lost its consent leaves it active, keeps its subscriptions, and reports it', async () => {
    const world = createOnboardingWorld();
    await world.check();
    world.signIn.refuse(noConsent);
    expect((await world.check()).state).toBe('Active');
    const stored = await world.stored();
    expect(stored.state).toBe('Active');
    expect(stored.subscriptions).toHaveLength(2);
    const checks = checksOf(stored);
    expect(checks[0]).toMatchObject({ name: 'consent', state: 'Failed', cure: 'Consent.' });
    expect(checks.at(-1)).toMatchObject({ name: 'subscription:Audit.SharePoint', state: 'NotChecked' });
  });

  it('starts only the subscriptions that were stopped, and requests no poll', async () => {
    const world = createOnboardingWorld();
    await world.check();
    world.feed.stop('Audit.Exchange');
    await world.check();
    expect(world.feed.started).toEqual(['Audit.Exchange', 'Audit.SharePoint', 'Audit.Exchange']);
    expect(world.queues.pollRequests).toHaveLength(1);
  });
});

describe('checking a tenant that is being removed', () => {
  it('does nothing, whatever was missing before', async () => {
    const checks = [{ name: 'consent', state: 'Failed', checkedDateTime: '2026-03-09T12:00:00Z' }] as const;
    const world = createOnboardingWorld({ tenants: [pendingFabrikam({ state: 'Removing', checks })] });
    const before = await world.stored();
    expect(await world.check()).toEqual(before);
    await world.runCheck(message);
    expect(await world.stored()).toEqual(before);
    expect(world.feed.started).toEqual([]);
    expect(world.queues.tenantChecks).toEqual([]);
  });

  it.each([
    ['pending', pendingFabrikam()],
    ['active', activeFabrikam()],
  ])('does not activate it when it was %s before', async (_state, tenant) => {
    const world = createOnboardingWorld({ tenants: [tenant] });
    world.signIn.meanwhile(async (resource) => {
      if (resource === 'exchange')
        await startRemoval(world.depsOf(), { tenantId: fabrikamId, purge: true, createdBy: 'key-1' });
    });
    expect((await world.check()).state).toBe('Removing');
    expect(await world.stored()).toMatchObject({ state: 'Removing', checks: [] });
    expect(world.queues.pollRequests).toEqual([]);
    expect(world.telemetry.of('tenants.tenant.activated')).toEqual([]);
  });

  it('leaves no subscription running that the removal can no longer stop', async () => {
    const world = createOnboardingWorld();
    const feed: typeof world.feed = {
      ...world.feed,
      startSubscription: async (...started) => {
        await startRemoval(world.depsOf(), { tenantId: fabrikamId, purge: false, createdBy: 'key-1' });
        await world.drainRemovals();
        return await world.feed.startSubscription(...started);
      },
    };
    await checkTenant({ ...world.depsOf(), feed }, await world.stored());
    expect(await world.feed.listSubscriptions(pendingFabrikam())).toEqual([]);
  });

  it('does not recreate it when it is gone by then', async () => {
    const world = createOnboardingWorld();
    world.signIn.meanwhile(() => forgetTenant(world.tenants, fabrikamId));
    expect((await world.check()).state).toBe('Removing');
    expect(await world.tenants.list()).toEqual([]);
    await world.runCheck(message);
  });
});

describe('a tenant that a poll changes during a check', () => {
  it('keeps both changes', async () => {
    const world = createOnboardingWorld();
    const poll = { nextPollAt: new Date('2026-03-11T00:00:00Z'), quietPolls: 7 };
    const tenants: typeof world.tenants = {
      ...world.tenants,
      updateIfUnchanged: async (tenant, changes) => {
        if (tenant.poll.quietPolls === 0) await world.tenants.update(fabrikamId, { poll });
        return await world.tenants.updateIfUnchanged(tenant, changes);
      },
    };
    await checkTenant({ ...world.depsOf(), tenants }, await world.stored());
    expect(await world.stored()).toMatchObject({ state: 'Active', poll });
    expect(world.queues.pollRequests).toHaveLength(1);
  });
});

describe('following up', () => {
  it('checks after 1, 5, 15 and 60 minutes, 4 and 18 hours, and then ends', async () => {
    const world = createOnboardingWorld();
    world.signIn.refuse(noConsent);
    await world.runCheck({ ...message, attempt: 0 });
    await world.drainChecks();
    expect(world.queues.tenantChecks).toEqual(
      [1, 5, 15, 60, 240, 1080].map((minutes, at) => ({
        message: { ...message, attempt: at + 1 },
        delayMs: minutes * minuteMs,
      })),
    );
  });

  it('ends as soon as everything has passed', async () => {
    const world = createOnboardingWorld();
    await world.runCheck({ ...message, attempt: 0 });
    expect((await world.stored()).state).toBe('Active');
    expect(world.queues.tenantChecks).toEqual([]);
  });

  it('continues for an active tenant while something that it does not need is missing', async () => {
    const world = createOnboardingWorld();
    world.signIn.grant('exchange', []);
    await world.runCheck({ ...message, attempt: 0 });
    expect(world.queues.tenantChecks).toHaveLength(1);
    world.signIn.grantAll();
    await world.drainChecks();
    expect(world.queues.tenantChecks).toHaveLength(1);
  });

  it('finds a grant that has taken effect meanwhile', async () => {
    const world = createOnboardingWorld();
    world.signIn.refuse(noConsent);
    await world.runCheck({ ...message, attempt: 0 });
    expect((await world.stored()).state).toBe('PendingConsent');
    world.signIn.grantAll();
    await world.drainChecks();
    expect((await world.stored()).state).toBe('Active');
    expect(world.queues.pollRequests).toEqual([firstPoll]);
  });

  it('does nothing for a tenant that does not exist', async () => {
    const world = createOnboardingWorld({ tenants: [] });
    await world.runCheck(message);
    expect(await world.tenants.list()).toEqual([]);
    expect(world.queues.tenantChecks).toEqual([]);
  });
});

describe('a check that is interrupted by a crash', () => {
  async function stepsOfALook(): Promise<readonly string[]> {
    const faults = createFaults();
    await createOnboardingWorld().runCheck(message, faults);
    return faults.steps;
  }

  it('is completed when its message is redelivered, wherever it ended', async () => {
    const steps = await stepsOfALook();
    expect(steps).toContain('tenants.updateIfUnchanged');
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (const at of steps.keys()) {
        const world = createOnboardingWorld();
        await world.runCheck(message, crashAt(at, fault));
        const { state, checks, subscriptions, poll } = await world.stored();
        const where = `${fault} ${steps[at] ?? ''}`;
        expect(state, where).toBe('Active');
        expect(
          checks.every((check) => check.state === 'Passed'),
          where,
        ).toBe(true);
        expect(
          subscriptions.every(({ enabled }) => enabled),
          where,
        ).toBe(true);
        expect(world.feed.started.length, where).toBe(2);
        // Where the request for the first poll was lost, the timer finds the tenant due.
        expect(poll.nextPollAt <= world.clock.now(), where).toBe(true);
      }
    }
  });

  it('is not acknowledged when storage fails', async () => {
    const steps = new Set((await stepsOfALook()).filter((step) => !step.startsWith('feed.')));
    for (const step of steps) {
      const world = createOnboardingWorld();
      const failure = new Error('Storage is away.');
      await expect(world.runCheck(message, failNext(step, failure)), step).rejects.toBe(failure);
    }
  });
});
