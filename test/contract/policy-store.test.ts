/** The promises about the partner's policy, kept in memory and on Table Storage. */
import { describe, expect, it } from 'vitest';
import { createPolicyStore } from '../../shared/adapters/tables/policy-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { policySchema } from '../../shared/tenants/policy.ts';
import { createFakePolicyStore } from '../support/fakes/policy-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const full = policySchema.parse({
  contentTypes: ['Audit.Exchange'],
  repairDrift: true,
  retention: { indexMonths: 12, rawDays: 500 },
  enablement: { nonOwner: { admin: ['Move'] }, owner: ['MailboxLogin'], removeBypasses: true },
});

describe.each([
  { where: 'in memory', open: createFakePolicyStore },
  { where: 'on Table Storage', open: () => createPolicyStore(createTables(storage())) },
])('the policy $where', ({ open }) => {
  it('is empty before it is set, returned as set, and replaced as a whole', async () => {
    const store = open();
    expect(await store.get()).toEqual({});
    await store.put(full);
    expect(await store.get()).toEqual(full);
    await store.put({ repairDrift: false });
    expect(await store.get()).toEqual({ repairDrift: false });
  });
});

describe('the policy on Table Storage', () => {
  it('is not listed as a tenant', async () => {
    const tables = createTables(storage());
    await createPolicyStore(tables).put(full);
    expect(await createTenantStore(tables).list()).toEqual([]);
  });

  it('that cannot be read is not taken for none', async () => {
    await expect(createPolicyStore(createTables(lockedOut(storage()))).get()).rejects.toThrow();
  });
});
