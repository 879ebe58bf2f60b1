/** The promises about tenants, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { enablementRequestSchema } from '../../shared/enablement/enablement.ts';
import type { StoredTenant, TenantStore, TenantCheck } from '../../shared/tenants/tenant.ts';
import { createFakeTenantStore } from '../support/fakes/tenant-store.ts';
import { tenantNamed } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const now = new Date('2026-03-10T12:00:00Z');
const soon = new Date('2026-03-10T12:15:00Z');
const newTenant = () => tenantNamed('Fabrikam', { repairDrift: false });

async function create(store: TenantStore, tenant = newTenant()): Promise<StoredTenant> {
  expect(await store.create(tenant)).toBe(true);
  return await stored(store, tenant.tenantId);
}

async function stored(store: TenantStore, tenantId: string): Promise<StoredTenant> {
  const tenant = await store.get(tenantId);
  if (tenant === undefined) throw new Error('The tenant does not exist.');
  return tenant;
}

describe.each([
  { where: 'in memory', open: () => createFakeTenantStore() },
  { where: 'on Table Storage', open: () => createTenantStore(createTables(storage())) },
])('tenants $where', ({ open }) => {
  it('are absent before they are created', async () => {
    expect(await open().get(randomUUID())).toBeUndefined();
  });

  it('are returned as created, without a lease', async () => {
    const store = open();
    const tenant = tenantNamed('Fabrikam "Ünïcode"', {
      cloud: 'gccHigh',
      repairDrift: true,
      domain: 'fabrikam.example',
      domains: ['fabrikam.example', 'xn--bcher-kva.example'],
      domainsReadDateTime: now.toISOString(),
      tags: ['emea', 'gold'],
      subscriptions: [
        { contentType: 'Audit.Exchange', enabled: true },
        { contentType: 'DLP.All', enabled: false, errorCode: 'AF10001', errorMessage: 'Give consent.' },
      ],
      backfilled: [{ start: now, end: soon }],
      retention: { indexMonths: 12, rawDays: 500 },
      retained: { from: now, limit: now, decidedAt: soon, rawFrom: '2026-01-01' },
      policyEnablement: {
        id: 'id',
        request: enablementRequestSchema.parse({ owner: ['MailboxLogin'] }),
      },
      retentionProgress: { claimsFrom: now, pass: { before: soon, next: 'next' }, settledAt: now },
      poll: {
        ...{ nextPollAt: soon, quietPolls: 3, lastPollAt: now, messagesSentThrough: now },
        lastError: 'AF50000: It failed.',
      },
    });
    expect(await create(store, tenant)).toMatchObject({ ...tenant, leasedUntil: undefined });
  });

  it('are not created twice: the second call writes nothing', async () => {
    const store = open();
    const before = await create(store);
    expect(await store.create({ ...before, displayName: 'Another' })).toBe(false);
    expect(await stored(store, before.tenantId)).toEqual(before);
  });

  it('are listed in order of id', async () => {
    const store = open();
    const ids = await Promise.all([1, 2, 3].map(async () => (await create(store)).tenantId));
    const listed = (await store.list()).map(({ tenantId }) => tenantId);
    expect(listed.filter((id) => ids.includes(id))).toEqual(ids.toSorted());
    expect(listed).toEqual(listed.toSorted());
  });

  it('change in the named members only', async () => {
    const store = open();
    const before = await create(store);
    await store.update(before.tenantId, { displayName: 'Fabrikam Ltd' });
    await store.update(before.tenantId, { contentTypes: ['DLP.All'] });
    const { etag, ...after } = await stored(store, before.tenantId);
    expect(after).toEqual({
      ...before,
      displayName: 'Fabrikam Ltd',
      contentTypes: ['DLP.All'],
      etag: undefined,
    });
    expect(etag).not.toBe(before.etag);
  });

  it('keep domain, state, checks and removal, and change them', async () => {
    const store = open();
    const checkedDateTime = now.toISOString();
    const checks: TenantCheck[] = [
      { name: 'consent', state: 'Passed', checkedDateTime },
      {
        ...{ name: 'exchangeRole', state: 'Failed', code: 'ExchangeForbidden', checkedDateTime },
        ...{ message: 'It "may" not.', cure: 'Give it the röle.' },
      },
    ];
    const tenant = { ...newTenant(), domain: 'fabrikam.example', state: 'PendingConsent', checks } as const;
    const { tenantId, removalId } = await create(store, tenant);
    expect(removalId).toBeUndefined();
    expect(await stored(store, tenantId)).toMatchObject(tenant);
    const changes = { state: 'Removing', checks: [], removalId: randomUUID() } as const;
    await store.update(tenantId, changes);
    expect(await stored(store, tenantId)).toMatchObject({ domain: 'fabrikam.example', ...changes });
  });

  it('can be created as Removing', async () => {
    const store = open();
    const removing = {
      ...newTenant(),
      state: 'Removing',
      removalId: randomUUID(),
      contentTypes: [],
    } as const;
    expect(await store.create(removing)).toBe(true);
    expect(await stored(store, removing.tenantId)).toMatchObject(removing);
  });

  it('ignore undefined members of a change', async () => {
    const store = open();
    const tenant = { ...newTenant(), domain: 'fabrikam.example' };
    const before = await create(store, tenant);
    await store.update(tenant.tenantId, { domain: undefined, displayName: 'Fabrikam Ltd' });
    expect(await store.updateIfUnchanged(before, { domain: undefined })).toBe(false);
    expect(await stored(store, tenant.tenantId)).toMatchObject({
      ...{ domain: 'fabrikam.example', displayName: 'Fabrikam Ltd' },
    });
  });

  it('change conditionally only if unchanged, for one of many concurrent writers', async () => {
    const store = open();
    const before = await create(store);
    const names = ['A', 'B', 'C', 'D'];
    const written = await Promise.all(
      names.map((displayName) => store.updateIfUnchanged(before, { displayName })),
    );
    expect(written.filter(Boolean)).toHaveLength(1);
    const { displayName } = await stored(store, before.tenantId);
    expect(displayName).toBe(names[written.indexOf(true)]);
    expect(await store.updateIfUnchanged(before, { state: 'Removing' })).toBe(false);
    expect((await stored(store, before.tenantId)).state).toBe(before.state);
  });

  it('are gone once removed, and can then be neither changed nor leased', async () => {
    const store = open();
    const [tenant, other] = [await create(store), await create(store)];
    expect(await store.remove(tenant)).toBe(true);
    expect(await store.remove(tenant)).toBe(false);
    expect(await store.get(tenant.tenantId)).toBeUndefined();
    expect((await store.list()).map(({ tenantId }) => tenantId)).not.toContain(tenant.tenantId);
    expect(await stored(store, other.tenantId)).toEqual(other);
    expect(await store.updateIfUnchanged(tenant, { state: 'Active' })).toBe(false);
    expect(await store.lease(tenant, soon, now)).toBe(false);
    await expect(store.update(tenant.tenantId, { state: 'Active' })).rejects.toThrow();
    expect(await store.get(tenant.tenantId)).toBeUndefined();
  });

  it('are not removed if they changed since they were read', async () => {
    const store = open();
    const before = await create(store);
    await store.update(before.tenantId, { state: 'Removing' });
    expect(await store.remove(before)).toBe(false);
    expect(await store.get(before.tenantId)).toMatchObject({ state: 'Removing' });
  });

  it('have a new version when they are created again', async () => {
    const store = open();
    const before = await create(store);
    await store.remove(before);
    await create(store, { ...newTenant(), tenantId: before.tenantId });
    expect(await store.updateIfUnchanged(before, { state: 'Removing' })).toBe(false);
  });

  it('clear an error once a poll succeeded', async () => {
    const store = open();
    const { tenantId } = await create(store);
    const poll = { nextPollAt: soon, quietPolls: 0, lastPollAt: now };
    await store.update(tenantId, { poll: { ...poll, lastError: 'AF50000' } });
    await store.update(tenantId, { poll });
    expect((await stored(store, tenantId)).poll.lastError).toBeUndefined();
  });

  it('cannot be changed when they do not exist', async () => {
    const store = open();
    await create(store);
    await expect(store.update(randomUUID(), { displayName: 'Nothing' })).rejects.toThrow();
  });

  it('are leased to one of many concurrent callers', async () => {
    const store = open();
    const tenant = await create(store);
    const leases = await Promise.all(Array.from({ length: 5 }, () => store.lease(tenant, soon, now)));
    expect(leases.filter(Boolean)).toHaveLength(1);
    expect((await stored(store, tenant.tenantId)).leasedUntil).toEqual(soon);
  });

  it('are not leased while a lease is held, and again once it has expired', async () => {
    const store = open();
    const { tenantId } = await create(store);
    expect(await store.lease(await stored(store, tenantId), soon, now)).toBe(true);
    const held = await stored(store, tenantId);
    expect(await store.lease(held, soon, new Date(soon.getTime() - 1))).toBe(false);
    expect(await store.lease(held, new Date(soon.getTime() + 1000), soon)).toBe(true);
  });

  it('are not leased if they changed since they were read', async () => {
    const store = open();
    const before = await create(store);
    await store.update(before.tenantId, { displayName: 'Fabrikam Ltd' });
    expect(await store.lease(before, soon, now)).toBe(false);
    expect(await store.lease(await stored(store, before.tenantId), soon, now)).toBe(true);
  });

  it('keep all other members when leased', async () => {
    const store = open();
    const { etag, ...before } = await create(store);
    await store.lease({ ...before, etag }, soon, now);
    expect(await stored(store, before.tenantId)).toMatchObject({ ...before, leasedUntil: soon });
  });
});

describe('unreachable tenants', () => {
  it('fail, and never look absent', async () => {
    const store = createTenantStore(createTables(lockedOut(storage())));
    await expect(store.get(randomUUID())).rejects.toThrow();
    await expect(store.list()).rejects.toThrow();
    await expect(store.create(newTenant())).rejects.toThrow();
    const tenant = { ...newTenant(), etag: 'W/"1"', leasedUntil: undefined };
    await expect(store.lease(tenant, soon, now)).rejects.toThrow();
    await expect(store.updateIfUnchanged(tenant, { state: 'Active' })).rejects.toThrow();
    await expect(store.remove(tenant)).rejects.toThrow();
  });
});
