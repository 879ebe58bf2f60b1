import { describe, expect, it } from 'vitest';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { registerTenant, tenantRegistrationSchema } from '../../../shared/tenants/register-tenant.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { createFakeDirectory } from '../../support/fakes/directory.ts';
import { createFakeFeed } from '../../support/fakes/activity-feed.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { failingNext } from '../../support/life.ts';
import { fabrikamId } from '../../support/tenants.ts';

const registration = tenantRegistrationSchema.parse({
  tenantId: fabrikamId,
  displayName: 'Fabrikam',
  contentTypes: ['Audit.Exchange', 'Audit.SharePoint'],
});

function createWorld(running: readonly ContentType[] = []) {
  const clock = createClock();
  const telemetry = createRecordingTelemetry();
  const tenants = createFakeTenantStore();
  const feed = createFakeFeed(clock.now, running);
  const queues = createFakeWorkQueues();
  const directory = createFakeDirectory();
  const roleHolders = createFakeRoleHolderStore();
  const deps = { tenants, feed, queues, directory, roleHolders, now: clock.now };
  return { ...deps, clock, telemetry, deps: { ...deps, telemetry: telemetry.telemetry } };
}

describe('registering a tenant', () => {
  it('remembers it, starts its subscriptions and asks for its first poll', async () => {
    const world = createWorld();
    const { tenant, created } = await registerTenant(world.deps, registration);
    expect(created).toBe(true);
    expect(await world.tenants.get(fabrikamId)).toMatchObject(tenant);
    expect(tenant).toMatchObject({
      ...registration,
      createdDateTime: world.clock.now(),
      subscriptions: registration.contentTypes.map((contentType) => ({ contentType, enabled: true })),
      poll: { nextPollAt: world.clock.now(), quietPolls: 0 },
    });
    expect(world.feed.started).toEqual(registration.contentTypes);
    expect(world.queues.pollRequests).toEqual([{ version: 1, tenantId: fabrikamId, reason: 'registered' }]);
  });

  it('does not start what runs already: Microsoft wants 15 minutes between start requests', async () => {
    const world = createWorld(['Audit.Exchange']);
    await registerTenant(world.deps, registration);
    await registerTenant(world.deps, registration);
    expect(world.feed.started).toEqual(['Audit.SharePoint']);
  });

  it('again changes name and types, and keeps since when it is known and how it is polled', async () => {
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
    expect(await world.tenants.get(fabrikamId)).toMatchObject(tenant);
    expect(world.queues.pollRequests).toHaveLength(2);
  });

  it('again in another cloud answers with the tenant as it is stored', async () => {
    const world = createWorld();
    await registerTenant(world.deps, registration);
    const { tenant } = await registerTenant(world.deps, { ...registration, cloud: 'gccHigh' });
    expect((await world.tenants.get(fabrikamId))?.cloud).toBe(tenant.cloud);
  });

  it('keeps why a subscription was refused, and the tenant', async () => {
    const world = createWorld();
    const off = new UpstreamError('waitForAuditing', 'TenantDoesNotExist', 'Switch the audit log on.');
    world.feed.refuse('start', 'Audit.SharePoint', off);
    const { tenant } = await registerTenant(world.deps, registration);
    expect(tenant.subscriptions).toEqual([
      { contentType: 'Audit.Exchange', enabled: true },
      {
        contentType: 'Audit.SharePoint',
        enabled: false,
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

  it('learns why for each type when the subscriptions cannot even be listed', async () => {
    const world = createWorld();
    const denied = new UpstreamError('fail', 'AF10001', 'Give admin consent.');
    world.feed.refuse('subscriptions', '*', denied);
    world.feed.refuse('start', '*', denied);
    const { tenant } = await registerTenant(world.deps, registration);
    expect(tenant.subscriptions.map(({ errorCode }) => errorCode)).toEqual(['AF10001', 'AF10001']);
  });

  it('takes the first snapshot of who is global administrator', async () => {
    const world = createWorld();
    const holder = { id: 'h1', type: 'user', assignment: 'active' } as const;
    world.directory.answerWith([holder]);
    await registerTenant(world.deps, registration);
    const to = new Date(world.clock.now().getTime() + hourMs);
    expect(await world.roleHolders.list(fabrikamId, world.clock.now(), to)).toEqual([
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
    const life = failingNext(`tenants.${operation}`, failure);
    const tenants = life.live('tenants', world.tenants);
    await expect(registerTenant({ ...world.deps, tenants }, registration)).rejects.toBe(failure);
    expect((await registerTenant(world.deps, registration)).created).toBe(true);
  });

  it('can be asked for again after the poll request was lost with the program', async () => {
    const world = createWorld();
    const failure = new Error('Storage is away.');
    const queues = failingNext('queues.requestPoll', failure).live('queues', world.queues);
    await expect(registerTenant({ ...world.deps, queues }, registration)).rejects.toBe(failure);
    expect((await registerTenant(world.deps, registration)).created).toBe(false);
    expect(world.queues.pollRequests).toHaveLength(1);
  });
});

describe('what is asked for', () => {
  it('is all but DLP in the worldwide cloud, unless said otherwise', () => {
    const parsed = tenantRegistrationSchema.parse({ tenantId: fabrikamId.toUpperCase(), displayName: ' F ' });
    expect(parsed).toMatchObject({
      tenantId: fabrikamId,
      displayName: 'F',
      cloud: 'enterprise',
      contentTypes: ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General'],
    });
  });

  it('names each content type once', () => {
    const contentTypes = ['DLP.All', 'Audit.General', 'DLP.All'];
    const parsed = tenantRegistrationSchema.parse({ tenantId: fabrikamId, displayName: 'F', contentTypes });
    expect(parsed.contentTypes).toEqual(['DLP.All', 'Audit.General']);
  });

  it.each([
    { tenantId: 'fabrikam.example' },
    { displayName: '' },
    { displayName: 'x'.repeat(257) },
    { cloud: 'moon' },
    { contentTypes: [] },
    { contentTypes: ['Audit.Everything'] },
    { surprise: true },
  ])('is refused with %j', (change) => {
    const body = { tenantId: fabrikamId, displayName: 'Fabrikam', ...change };
    expect(tenantRegistrationSchema.safeParse(body).success).toBe(false);
  });
});
