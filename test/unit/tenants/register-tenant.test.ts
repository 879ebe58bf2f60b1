import { describe, expect, it } from 'vitest';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { registerTenant, tenantRegistrationSchema } from '../../../shared/tenants/register-tenant.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { failNext } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createOnboardingWorld } from './onboarding-world.ts';

const contentTypes: ContentType[] = ['Audit.Exchange', 'Audit.SharePoint'];
const registration = { tenantId: fabrikamId, displayName: 'Fabrikam', contentTypes };

function createWorld(running: readonly ContentType[] = []) {
  const world = createOnboardingWorld({ tenants: [], running });
  return { ...world, deps: world.depsOf() };
}

describe('registering a tenant', () => {
  it('stores it, starts its subscriptions and requests its first poll', async () => {
    const world = createWorld();
    const { tenant, created } = await registerTenant(world.deps, registration);
    expect(created).toBe(true);
    expect(await world.tenants.get(fabrikamId)).toMatchObject(tenant);
    expect(tenant).toMatchObject({
      ...registration,
      createdDateTime: world.clock.now(),
      subscriptions: contentTypes.map((contentType) => ({ contentType, enabled: true })),
      poll: { nextPollAt: world.clock.now(), quietPolls: 0 },
    });
    expect(world.feed.started).toEqual(contentTypes);
    expect(world.queues.pollRequests).toEqual([{ version: 1, tenantId: fabrikamId, reason: 'registered' }]);
  });

  it('does not start running subscriptions: Microsoft requires 15 minutes between start requests', async () => {
    const world = createWorld(['Audit.Exchange']);
    await registerTenant(world.deps, registration);
    await registerTenant(world.deps, registration);
    expect(world.feed.started).toEqual(['Audit.SharePoint']);
  });

  it('again changes name and types, and keeps its creation time and poll state', async () => {
    const world = createWorld();
    await registerTenant(world.deps, registration);
    const poll = { nextPollAt: new Date('2026-03-11T00:00:00Z'), quietPolls: 4 };
    await world.tenants.update(fabrikamId, { poll });
    const createdDateTime = world.clock.now();
    world.clock.advance(hourMs);
    const again = { ...registration, displayName: 'Fabrikam Ltd', contentTypes: ['Audit.General'] } as const;
    const { tenant, created } = await registerTenant(world.deps, {
      ...again,
      contentTypes: ['Audit.General'],
    });
    expect(created).toBe(false);
    expect(tenant).toMatchObject({ ...again, createdDateTime, poll });
    expect(await world.tenants.get(fabrikamId)).toMatchObject({
      ...tenant,
      etag: expect.any(String) as string,
    });
    expect(world.queues.pollRequests).toHaveLength(2);
  });

  it('keeps its tags unless others are sent, each once and in lower case', async () => {
    const world = createWorld();
    const register = async (tags?: readonly string[]) => {
      const body = tenantRegistrationSchema.parse({ tenantId: fabrikamId, ...(tags && { tags }) });
      return (await registerTenant(world.deps, body)).tenant.tags;
    };
    expect(await register([' Gold', 'emea', 'gold'])).toEqual(['emea', 'gold']);
    expect(await register()).toEqual(['emea', 'gold']);
    expect(await register([])).toEqual([]);
  });

  it('again in another cloud returns the tenant as stored', async () => {
    const world = createWorld();
    await registerTenant(world.deps, registration);
    const { tenant } = await registerTenant(world.deps, { ...registration, cloud: 'gccHigh' });
    expect((await world.tenants.get(fabrikamId))?.cloud).toBe(tenant.cloud);
  });

  it('stores the tenant, and why a subscription was refused', async () => {
    const world = createWorld();
    const off = new UpstreamError('waitForAuditing', 'TenantDoesNotExist', 'Switch the audit log on.');
    world.feed.refuse('start', 'Audit.SharePoint', off);
    const { tenant } = await registerTenant(world.deps, registration);
    const checkedDateTime = world.deps.now().toISOString();
    expect(tenant.subscriptions).toEqual([
      { contentType: 'Audit.Exchange', enabled: true, checkedDateTime },
      {
        contentType: 'Audit.SharePoint',
        ...{ enabled: false, checkedDateTime },
        errorCode: 'TenantDoesNotExist',
        errorMessage: 'Switch the audit log on.',
      },
    ]);
    expect(world.telemetry.of('activity.subscription.failed')).toMatchObject([
      { contentType: 'Audit.SharePoint', code: 'TenantDoesNotExist' },
    ]);
    world.feed.relent();
    const again = await registerTenant(world.deps, registration);
    expect(again.tenant.subscriptions.every(({ enabled }) => enabled)).toBe(true);
  });

  it('stores the reason for each type if the subscriptions cannot even be listed', async () => {
    const world = createWorld();
    const denied = new UpstreamError('fail', 'AF10001', 'Give admin consent.');
    world.feed.refuse('subscriptions', '*', denied);
    world.feed.refuse('start', '*', denied);
    const { tenant } = await registerTenant(world.deps, registration);
    expect(tenant.subscriptions.map(({ errorCode }) => errorCode)).toEqual(['AF10001', 'AF10001']);
  });

  it('takes the first snapshot of global administrators', async () => {
    const world = createWorld();
    const holder = { id: 'h1', type: 'user', assignment: 'active' } as const;
    world.directory.answerWith([holder]);
    await registerTenant(world.deps, registration);
    const to = new Date(world.clock.now().getTime() + hourMs);
    expect(await world.roleHolders.list(fabrikamId, world.clock.now(), to)).toMatchObject([
      { takenAt: world.clock.now(), holders: [holder] },
    ]);
  });

  it('is not undone by a refusal of Graph', async () => {
    const world = createWorld();
    world.directory.answerWith(new UpstreamError('fail', 'Authorization_RequestDenied', 'No consent.'));
    expect((await registerTenant(world.deps, registration)).created).toBe(true);
    expect(world.queues.pollRequests).toHaveLength(1);
    expect(world.telemetry.of('tenants.roleHolders.failed')).toMatchObject([
      { code: 'Authorization_RequestDenied' },
    ]);
  });

  it.each(['create', 'get'])('throws when storage fails in %s', async (operation) => {
    const world = createWorld();
    const failure = new Error('Storage is away.');
    const faults = failNext(`tenants.${operation}`, failure);
    const tenants = faults.inject('tenants', world.tenants);
    await expect(registerTenant({ ...world.deps, tenants }, registration)).rejects.toBe(failure);
    expect((await registerTenant(world.deps, registration)).created).toBe(true);
  });

  it('can be repeated after a crash lost the poll request', async () => {
    const world = createWorld();
    const failure = new Error('Storage is away.');
    const queues = failNext('queues.requestPoll', failure).inject('queues', world.queues);
    await expect(registerTenant({ ...world.deps, queues }, registration)).rejects.toBe(failure);
    expect((await registerTenant(world.deps, registration)).created).toBe(false);
    expect(world.queues.pollRequests).toHaveLength(1);
  });
});

describe('registering by domain', () => {
  const byDomain = tenantRegistrationSchema.parse({ domain: ' Fabrikam.Example ' });

  it('finds the id, stores the domain, and names the tenant after it', async () => {
    const world = createWorld();
    world.signIn.domains.set('fabrikam.example', fabrikamId);
    const { tenant, created } = await registerTenant(world.deps, byDomain);
    expect(created).toBe(true);
    expect(tenant).toMatchObject({
      ...{ tenantId: fabrikamId, domain: 'fabrikam.example', displayName: 'fabrikam.example' },
      state: 'Active',
    });
  });

  it('looks in the cloud that is named', async () => {
    const world = createWorld();
    world.signIn.domains.set('fabrikam.example', fabrikamId);
    await registerTenant(world.deps, byDomain);
    await registerTenant(world.deps, { ...byDomain, cloud: 'gccHigh' });
    expect(world.signIn.askedClouds).toEqual(['enterprise', 'gccHigh']);
  });

  it('of no tenant is refused with what to check', async () => {
    const world = createWorld();
    await expect(registerTenant(world.deps, byDomain)).rejects.toMatchObject({
      ...{ status: 400, code: 'InvalidParameter', target: 'domain' },
      message:
        'No tenant of the cloud enterprise has the domain fabrikam.example. Check its spelling and the cloud.',
    });
    expect(await world.tenants.list()).toEqual([]);
  });

  it('while sign-in is unreachable is refused with Retry-After and an alternative', async () => {
    const world = createWorld();
    world.signIn.hideDomains(
      new UpstreamError('retry', 'ECONNREFUSED', 'Could not reach Microsoft (ECONNREFUSED).'),
    );
    await expect(registerTenant(world.deps, byDomain)).rejects.toMatchObject({
      ...{ status: 503, code: 'ECONNREFUSED', headers: { 'Retry-After': '30' } },
      message: 'Could not reach Microsoft (ECONNREFUSED). Try again, or register by tenant ID.',
    });
    expect((await registerTenant(world.deps, registration)).created).toBe(true);
  });

  it('after an id keeps what is known, and vice versa', async () => {
    const world = createWorld();
    world.signIn.domains.set('fabrikam.example', fabrikamId);
    await registerTenant(world.deps, registration);
    const { created } = await registerTenant(world.deps, byDomain);
    expect(created).toBe(false);
    await registerTenant(world.deps, { tenantId: fabrikamId });
    expect(await world.stored()).toMatchObject({ domain: 'fabrikam.example', displayName: 'Fabrikam' });
  });
});

describe('registering by ID', () => {
  it('is refused when Microsoft has no tenant with it', async () => {
    const world = createWorld();
    world.signIn.missing.add(fabrikamId);
    await expect(registerTenant(world.deps, registration)).rejects.toMatchObject({
      ...{ status: 400, code: 'InvalidParameter', target: 'tenantId' },
      message: 'Microsoft has no tenant with this ID: check it, and the cloud (enterprise).',
    });
    expect(await world.tenants.list()).toEqual([]);
  });

  it('changes a registered tenant that Microsoft has deleted since', async () => {
    const world = createWorld();
    await registerTenant(world.deps, registration);
    world.signIn.missing.add(fabrikamId);
    await registerTenant(world.deps, { ...registration, displayName: 'Former' });
    expect(await world.stored()).toMatchObject({ displayName: 'Former' });
  });
});

describe('registering without consent', () => {
  it('stores the tenant as pending with what is missing, and checks again in a minute', async () => {
    const world = createWorld();
    world.signIn.refuse(new UpstreamError('fail', 'AADSTS7000229', 'No service principal.'));
    const { tenant, created } = await registerTenant(world.deps, registration);
    expect({ created, state: tenant.state }).toEqual({ created: true, state: 'PendingConsent' });
    expect((await world.stored()).checks[0]).toMatchObject({ name: 'consent', state: 'Failed' });
    expect(world.queues.pollRequests).toEqual([]);
    expect(world.queues.tenantChecks).toEqual([
      { message: { version: 1, tenantId: fabrikamId, attempt: 1 }, delayMs: minuteMs },
    ]);
  });
});

describe('registering again', () => {
  it('changes only the settings that were sent', async () => {
    const world = createWorld();
    const first = { cloud: 'gccHigh', repairDrift: true, contentTypes: ['DLP.All'] } as const;
    await registerTenant(world.deps, tenantRegistrationSchema.parse({ ...registration, ...first }));
    await registerTenant(world.deps, tenantRegistrationSchema.parse({ tenantId: fabrikamId }));
    expect(await world.stored()).toMatchObject({ displayName: 'Fabrikam', ...first });
    await registerTenant(world.deps, { tenantId: fabrikamId, repairDrift: false });
    expect(await world.stored()).toMatchObject({ ...first, repairDrift: false });
  });

  it('changes the retention as a whole, and only if it was sent', async () => {
    const world = createWorld();
    const register = async (body: object) => {
      await registerTenant(world.deps, tenantRegistrationSchema.parse({ tenantId: fabrikamId, ...body }));
      return (await world.stored()).retention;
    };
    expect(await register({})).toBeUndefined();
    expect(await register({ retention: { indexMonths: 12, rawDays: 403 } })).toEqual({
      ...{ indexMonths: 12, rawDays: 403 },
    });
    expect(await register({})).toEqual({ indexMonths: 12, rawDays: 403 });
    expect(await register({ retention: { indexMonths: 6 } })).toEqual({ indexMonths: 6 });
    expect(await register({ retention: {} })).toEqual({});
  });

  it('while the tenant is being removed is refused with what to do', async () => {
    const world = createWorld();
    await registerTenant(world.deps, registration);
    await startRemoval(world.deps, { tenantId: fabrikamId, purge: false, createdBy: 'key-1' });
    await expect(registerTenant(world.deps, registration)).rejects.toMatchObject({
      ...{ status: 409, code: 'TenantBeingRemoved' },
      message:
        'This tenant is being removed. Cancel the removal, or wait for it to finish and register the tenant again.',
    });
    await world.drainRemovals();
    expect((await registerTenant(world.deps, registration)).created).toBe(true);
  });
});
