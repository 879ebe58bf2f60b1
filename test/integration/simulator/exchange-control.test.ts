/** Controlling the simulated Exchange from another process. */

import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partlyAudited } from '../../simulator/demo/partly-audited.ts';
import { adatum, fabrikam, tenantOf } from './simulator-client.ts';
import { startExchange, type ExchangeClient } from './exchange-client.ts';

let client: ExchangeClient;

beforeAll(async () => {
  client = await startExchange({ mailboxes: [] });
});

afterAll(() => client.stop());

const control = async (method: string, path: string, data?: unknown): Promise<unknown> => {
  const url = client.simulator.controlUrl + path;
  return (await axios.request<unknown>({ method, url, data, proxy: false })).data;
};

const exchangePath = `/tenants/${fabrikam}/exchange`;
const mailboxesPath = `${exchangePath}/mailboxes`;

describe('the control port', () => {
  it('returns the state of the organization and changes it', async () => {
    expect(await control('GET', exchangePath)).toMatchObject({
      organization: { unifiedAuditLog: true, auditDisabled: false, dehydrated: false },
      mailboxes: { total: 0 },
    });
    const changes = { unifiedAuditLog: false, auditDisabled: true };
    expect(await control('PATCH', exchangePath, changes)).toMatchObject({ organization: changes });
    expect(await client.rows('Get-OrganizationConfig')).toMatchObject([{ AuditDisabled: true }]);
  });

  it('adds mailboxes of all kinds, changes them, and returns them', async () => {
    const counts = { UserMailbox: 6, SharedMailbox: 2, RoomMailbox: 1 };
    const generate = { counts, unaudited: 1, bypassed: 1 };
    const one = { primarySmtpAddress: 'ada@fabrikam.example', displayName: 'Ada' };
    expect(await control('POST', mailboxesPath, { mailboxes: [one], generate })).toMatchObject({
      mailboxes: { total: 10, byKind: { UserMailbox: 7, RoomMailbox: 1 }, auditEnabled: 1, bypassed: 9 },
    });
    const change = { where: { kinds: ['SharedMailbox'] }, change: { auditEnabled: true } };
    expect(await control('PATCH', mailboxesPath, change)).toEqual({ changed: 2 });
    const all = await control('GET', mailboxesPath);
    expect(all).toHaveLength(10);
    expect(all).toContainEqual(
      expect.objectContaining({
        ...{ primarySmtpAddress: 'ada@fabrikam.example', kind: 'UserMailbox', writes: 0, bypassWrites: 0 },
        ...{ auditEnabled: true, foundAsAudited: true, auditLogAgeLimit: '90.00:00:00' },
      }),
    );
  });

  it('counts requests and writes', async () => {
    await control('DELETE', '/counters');
    await client.invoke('Set-Mailbox', { Identity: 'ada@fabrikam.example', AuditEnabled: true });
    expect(await control('GET', '/counters')).toMatchObject({
      requests: { exchange: 1 },
      exchange: { requests: 1, batchRequests: 0, writes: 1, mailboxWrites: { mostToOneMailbox: 1 } },
    });
  });

  it('changes directory roles and the decision about consent', async () => {
    const change = { directoryRoles: [], declinesConsent: true };
    expect(await control('PATCH', `/tenants/${fabrikam}`, change)).toMatchObject(change);
  });

  it('adds a tenant with a custom audit state', async () => {
    const tenantId = '0a0b0c0d-1111-4222-8333-abcdefabcdef';
    const exchange = { unifiedAuditLog: false, dehydrated: true, generate: { counts: { UserMailbox: 3 } } };
    await control('POST', '/tenants', { tenantId, domain: 'new.example', auditingEnabled: false, exchange });
    expect(await control('GET', `/tenants/${tenantId}/exchange`)).toMatchObject({
      organization: { unifiedAuditLog: false, dehydrated: true },
      mailboxes: { total: 3, auditEnabled: 3 },
    });
  });
});

describe('a demo tenant with auditing partly off', () => {
  it('has a switch that is off, mailboxes that are not audited, and some that only report that they are', () => {
    const users = Array.from({ length: 10 }, (_, index) => ({
      id: `user-${index}`,
      userPrincipalName: `user${index}@adatum.example`,
      displayName: `User ${index}`,
    }));
    const directory = { users, groups: [], servicePrincipals: [], globalAdministratorIds: [] };
    for (const tenant of partlyAudited([tenantOf(adatum, { directory })])) client.simulator.addTenant(tenant);
    const { organization, mailboxes } = client.simulator.exchange(adatum).summary();
    expect(organization.unifiedAuditLog).toBe(false);
    expect(mailboxes.auditEnabled).toBeLessThan(mailboxes.total);
    expect(mailboxes.foundAsAudited).toBeLessThan(mailboxes.auditEnabled);
    expect(mailboxes.bypassed).toBe(2);
  });
});
