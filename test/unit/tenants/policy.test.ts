/** The partner's policy: what new tenants get, what differs, and the enablement of tenants that become active. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { UpstreamError } from '../../../shared/errors.ts';
import { startEnablement } from '../../../shared/enablement/start-enablement.ts';
import { enablementRequestSchema } from '../../../shared/enablement/enablement.ts';
import { checkTenant } from '../../../shared/tenants/check-tenant.ts';
import { differencesFrom, policySchema } from '../../../shared/tenants/policy.ts';
import { publicTenant } from '../../../shared/tenants/public-tenant.ts';
import { registerTenant } from '../../../shared/tenants/register-tenant.ts';
import { dayMs } from '../../support/clock.ts';
import { Crash, crashAt, createFaults } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createHttpWorld, errorOf } from './http-world.ts';
import { activeFabrikam, createOnboardingWorld, pendingFabrikam } from './onboarding-world.ts';

const policy = policySchema.parse({
  contentTypes: ['Audit.Exchange', 'DLP.All'],
  repairDrift: true,
  retention: { indexMonths: 12 },
});
const enabling = policySchema.parse({ enablement: { auditLogAgeDays: 400 } });
const polled = { ...pendingFabrikam().poll, lastPollAt: new Date('2026-01-05T00:00:00Z') };
const subscribed = { contentType: 'Audit.Exchange', enabled: true } as const;
const noConsent = new UpstreamError('fail', 'AADSTS7000229', 'No service principal.');

async function createWorld(wanted = policy, tenants = [pendingFabrikam()]) {
  const world = createOnboardingWorld({ tenants });
  await world.policy.put(wanted);
  return world;
}

describe('a new tenant', () => {
  it('follows the policy, where its registration says nothing else', async () => {
    const world = await createWorld(policy, []);
    const { tenant } = await registerTenant(world.depsOf(), { tenantId: fabrikamId, repairDrift: false });
    expect(tenant).toMatchObject({ ...policy, repairDrift: false });
    expect(await world.stored()).toMatchObject({ ...policy, repairDrift: false });
  });

  it('costs one read more, and one that is registered again none', async () => {
    const world = await createWorld(policy, []);
    const readsOf = async () => {
      const faults = createFaults();
      await registerTenant(world.depsOf(faults), { tenantId: fabrikamId });
      return faults.steps.filter((step) => step === 'policy.get').length;
    };
    world.signIn.refuse(noConsent);
    expect([await readsOf(), await readsOf()]).toEqual([1, 0]);
  });

  it('without a policy gets what the app has by default', async () => {
    const world = await createWorld({}, []);
    const { tenant } = await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    expect(tenant.repairDrift).toBe(false);
    expect(tenant.contentTypes).not.toContain('DLP.All');
    expect(tenant.retention).toBeUndefined();
  });

  it('that is registered already stays as it is when the policy changes', async () => {
    const world = await createWorld({}, []);
    await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    const { contentTypes } = await world.stored();
    await world.policy.put(policy);
    await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    expect(await world.stored()).toMatchObject({ contentTypes, repairDrift: false });
    expect((await world.stored()).retention).toBeUndefined();
  });
});

describe('what differs from the policy', () => {
  it('is what the policy says, and the tenant has otherwise', () => {
    const same = activeFabrikam({ contentTypes: ['DLP.All', 'Audit.Exchange'], repairDrift: true });
    expect(differencesFrom(policy, { ...same, retention: { indexMonths: 12 } })).toEqual([]);
    expect(differencesFrom(policy, same)).toEqual(['retention']);
    expect(differencesFrom(policy, activeFabrikam())).toEqual(['contentTypes', 'repairDrift', 'retention']);
    expect(differencesFrom({ repairDrift: true }, activeFabrikam())).toEqual(['repairDrift']);
    expect(differencesFrom({}, activeFabrikam())).toEqual([]);
  });
});

describe('the enablement by policy', () => {
  it('is started once, when the tenant becomes active for the first time', async () => {
    const world = await createWorld(enabling);
    world.signIn.refuse(noConsent);
    await world.check();
    expect(world.enablements.all()).toEqual([]);
    world.signIn.grantAll();
    await world.check();
    await world.check();
    expect(world.enablements.all()).toMatchObject([
      {
        ...{ tenantId: fabrikamId, createdBy: 'auditkeep', status: 'NotStarted' },
        request: { auditLogAgeDays: 400, dryRun: false, mailboxes: { all: true } },
      },
    ]);
    expect(world.queues.operations).toHaveLength(1);
    expect(await world.stored()).toMatchObject({ policyEnablement: { id: world.enablements.all()[0]?.id } });
    const { policyEnablementId } = publicTenant(await world.stored(), enabling);
    expect(policyEnablementId).toBe(world.enablements.all()[0]?.id);
  });

  it.each([
    ['the policy has none', policy, pendingFabrikam()],
    ['the tenant was active before', enabling, activeFabrikam()],
    ['it was started before', enabling, pendingFabrikam({ policyEnablement: { id: fabrikamId } })],
    ['it was polled before', enabling, pendingFabrikam({ poll: polled })],
    ['it had subscriptions before', enabling, pendingFabrikam({ subscriptions: [subscribed] })],
  ])('is not started if %s', async (_, wanted, tenant) => {
    const world = await createWorld(wanted, [tenant]);
    await world.check();
    expect((await world.stored()).state).toBe('Active');
    expect(world.enablements.all()).toEqual([]);
  });

  it('is not started in a tenant that was active before the policy and whose removal is canceled', async () => {
    const world = await createHttpWorld([pendingFabrikam()], { purgeDelayMs: dayMs });
    await world.check();
    await world.policy.put(enabling);
    const { jsonBody } = await world.remove('?purge=true');
    await world.cancelRemoval(z.object({ id: z.string() }).parse(jsonBody).id);
    await world.drainRemovals();
    await world.drainChecks();
    expect((await world.stored()).state).toBe('Active');
    expect(world.enablements.all()).toEqual([]);
  });

  it('is started in a tenant that was registered before the policy and consents later', async () => {
    const world = await createWorld({}, []);
    world.signIn.refuse(noConsent);
    await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    await world.policy.put(enabling);
    world.signIn.grantAll();
    await world.check();
    expect(world.enablements.all()).toHaveLength(1);
  });

  it('is started once wherever the host is killed', async () => {
    const calm = createFaults();
    await (await createWorld(enabling)).check(calm);
    expect(calm.steps).toContain('enablements.create');
    for (let at = 0; at < calm.steps.length; at++) {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = await createWorld(enabling);
        await world.check(crashAt(at, fault)).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
        // One that is still running would keep a second one away.
        for (const one of world.enablements.all())
          await world.enablements.replace(one, { ...one, status: 'Succeeded' });
        await world.check();
        await world.check();
        expect([at, fault, world.enablements.all().length]).toEqual([at, fault, 1]);
      }
    }
  });

  it('is started once by two checks at the same time', async () => {
    const world = await createWorld(enabling);
    const tenant = await world.stored();
    await Promise.all([checkTenant(world.depsOf(), tenant), checkTenant(world.depsOf(), tenant)]);
    expect(world.enablements.all()).toHaveLength(1);
  });

  it('waits for another one that is running', async () => {
    const world = await createWorld(enabling);
    const other = { tenantId: fabrikamId, request: enablementRequestSchema.parse({}), createdBy: 'key-1' };
    const running = await startEnablement(world.depsOf(), other);
    await world.check();
    const stored = await world.enablements.get(running);
    if (stored !== undefined) await world.enablements.replace(stored, { ...stored, status: 'Succeeded' });
    await world.check();
    expect(world.enablements.all().map(({ createdBy }) => createdBy)).toEqual(['key-1', 'auditkeep']);
  });
});

describe('what the policy did in a tenant', () => {
  const fromPolicy = ['differsFromPolicy', 'policyEnablementId'];
  const tenant = activeFabrikam({ policyEnablement: { id: fabrikamId } });

  it.each([
    ['is shown to callers who see all tenants', '*', fromPolicy],
    ['is not shown to callers of some tenants', fabrikamId, []],
  ])('%s', async (_, boundTo, shown) => {
    const world = await createHttpWorld([tenant], { boundTo });
    await world.policy.put(policy);
    const calls = [world.get(), world.check(), world.list()];
    for (const { jsonBody } of await Promise.all(calls)) {
      const text = JSON.stringify(jsonBody);
      expect(text).toContain(fabrikamId);
      expect(fromPolicy.filter((member) => text.includes(member))).toEqual(shown);
    }
    expect(world.steps.includes('policy.get')).toBe(shown.length > 0);
  });
});

describe('GET and PUT /policy', () => {
  it('show and replace all of it', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    expect(await world.getPolicy()).toMatchObject({ status: 200, jsonBody: {} });
    expect(await world.setPolicy(policy)).toMatchObject({ status: 200, jsonBody: policy });
    expect(await world.getPolicy()).toMatchObject({ status: 200, jsonBody: policy });
    const differing = { differsFromPolicy: ['contentTypes', 'repairDrift', 'retention'] };
    expect(await world.get()).toMatchObject({ jsonBody: differing });
    expect(await world.list()).toMatchObject({ jsonBody: { value: [differing] } });
    await world.setPolicy({ repairDrift: false });
    expect((await world.getPolicy()).jsonBody).toEqual({ repairDrift: false });
  });

  it('require the scope that the enablement requires, as it runs on behalf of who set it', async () => {
    const world = await createHttpWorld();
    const { status, jsonBody } = await world.setPolicy(enabling);
    expect({ status, jsonBody }).toEqual({ status: 403, jsonBody: errorOf('Forbidden') });
    expect(await world.policy.get()).toEqual({});
    const allowed = await createHttpWorld([], { scopes: ['tenants.manage', 'auditing.enable'] });
    expect(await allowed.setPolicy(enabling)).toMatchObject({ status: 200, jsonBody: enabling });
  });

  it('refuse what an enablement of all tenants cannot have', async () => {
    const world = await createHttpWorld([], { scopes: ['tenants.manage', 'auditing.enable'] });
    expect(await world.setPolicy({ enablement: { dryRun: true } })).toMatchObject({ status: 400 });
    expect(await world.setPolicy({ retention: { rawDays: 3 } })).toMatchObject({ status: 400 });
  });

  it('are closed to callers of some tenants', async () => {
    const world = await createHttpWorld([activeFabrikam()], { boundTo: fabrikamId });
    expect(await world.getPolicy()).toMatchObject({ status: 403 });
    expect(await world.setPolicy(policy)).toMatchObject({ status: 403 });
  });
});
