import { describe, expect, it } from 'vitest';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { statusesOf, stepOf } from '../../support/enablement-world.ts';
import { useEnabling } from './enabling.ts';

const newTenant = useEnabling();

/** Nothing is as it should be. */
const wrong = {
  auditingEnabled: false,
  exchange: {
    ...{ unifiedAuditLog: false, auditDisabled: true, dehydrated: true },
    generate: {
      counts: { UserMailbox: 40, SharedMailbox: 6, RoomMailbox: 4, EquipmentMailbox: 2, GroupMailbox: 3 },
      ...{ unaudited: 0.4, trapped: 0.3, bypassed: 0.1, customized: 0.3, seed: 7 },
    },
    mailboxes: ['one', 'two'].map((name) => ({
      ...{ primarySmtpAddress: `${name}@fabrikam.example`, displayName: 'Same Name' },
      ...{ bypassed: true, defaultAuditSet: [], auditLogAgeLimit: '30.00:00:00' },
    })),
  },
};
const delays = {
  ...{ customizationDelayMs: 40 * minuteMs, auditSwitchReadBackMs: 5 * minuteMs },
  ...{ auditSwitchEffectMs: hourMs, strictAnchor: true },
};
const everything = { removeBypasses: true };

describe('a tenant in which everything is wrong', () => {
  it('is enabled, with retries, and verified', async () => {
    const tenant = await newTenant(wrong);
    tenant.simulator.changeSettings(delays);
    const done = await tenant.run(everything);
    expect(done.state.steps.map(({ errorMessage }) => errorMessage).filter(Boolean)).toEqual([]);
    expect(done.status).toBe('Succeeded');
    const { verification, ...others } = statusesOf(done);
    expect(verification).toBe('Succeeded');
    expect(new Set(Object.values(others))).toEqual(new Set(['Succeeded']));
    expect(tenant.exchange.summary().organization).toMatchObject({
      ...{ unifiedAuditLog: true, auditDisabled: false, dehydrated: false },
    });
    const audited = tenant.exchange.mailboxes().filter(({ kind }) => kind !== 'GroupMailbox');
    expect(audited).toHaveLength(54);
    for (const mailbox of audited) {
      expect(mailbox).toMatchObject({
        ...{ auditEnabled: true, foundAsAudited: true, bypassed: false, auditLogAgeLimit: '365.00:00:00' },
      });
    }
    expect(stepOf(done, 'verification').after).toMatchObject({
      ...{ unifiedAuditLog: true, mailboxAuditingDisabled: false, bypasses: [], subscriptionsMissing: [] },
      mailboxes: { total: 54, asWanted: 54, wrong: [] },
    });
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      ...{ before: { mailboxes: 54 }, after: { mailboxes: 54, toChange: 0 } },
    });
    expect(tenant.reports.reduce((sum, { polls }) => sum + polls, 0)).toBe(1);
  });

  it("keeps Microsoft's sets, and recommends actions where there are none", async () => {
    const tenant = await newTenant(wrong);
    const setsOf = () =>
      tenant.exchange.mailboxes().map(({ guid, defaultAuditSet }) => [guid, defaultAuditSet]);
    const before = setsOf();
    await tenant.run(everything);
    expect(setsOf()).toEqual(before);
    const left = tenant.exchange.mailboxes().filter(({ displayName }) => displayName === 'Same Name');
    for (const { actions } of left)
      expect(actions).toMatchObject({
        Admin: expect.arrayContaining(['FolderBind', 'Move']) as unknown,
        Delegate: expect.arrayContaining(['FolderBind', 'Move']) as unknown,
      });
  });

  it('requests each subscription at most every quarter of an hour while the feed does not know the tenant', async () => {
    const tenant = await newTenant({ ...wrong, contentTypes: ['Audit.Exchange'] });
    tenant.simulator.changeSettings(delays);
    await tenant.run(everything);
    const { start = 0 } = tenant.simulator.counters.snapshot().requestsByTenant[tenant.tenantId] ?? {};
    expect(start).toBeLessThanOrEqual(6);
    expect(start).toBeGreaterThan(1);
  });

  it('is listed completely by a dry run, which writes nothing', async () => {
    const tenant = await newTenant(wrong);
    const before = tenant.exchange.mailboxes();
    const done = await tenant.run({ ...everything, dryRun: true });
    expect(done.status).toBe('Succeeded');
    const changes = done.state.steps.flatMap((step) => step.changes ?? []);
    expect(changes.slice(0, 3)).toEqual([
      'Enable-OrganizationCustomization',
      'Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true',
      'Set-OrganizationConfig -AuditDisabled $false',
    ]);
    const ofMailboxes = before.filter(({ kind }) => kind !== 'GroupMailbox');
    for (const { primarySmtpAddress } of ofMailboxes)
      expect(changes).toContainEqual(expect.stringMatching(new RegExp(`^${primarySmtpAddress}: `)));
    const bypassed = before.filter((mailbox) => mailbox.bypassed);
    const named = changes.filter((change) => change.startsWith('Set-MailboxAuditBypassAssociation'));
    expect(named.length).toBeGreaterThan(0);
    expect(new Set(named).size).toBe(new Set(bypassed.map(({ displayName }) => displayName)).size);
    expect(changes.slice(-2)).toEqual([
      'subscriptions/start Audit.Exchange',
      'subscriptions/start Audit.SharePoint',
    ]);
    const { exchange, requests } = tenant.simulator.counters.snapshot();
    expect([exchange.writes, requests.start ?? 0]).toEqual([0, 0]);
    expect(tenant.exchange.mailboxes()).toEqual(before);
  });
});

describe('single mailboxes', () => {
  it('are found by name and by address, and no other one is changed', async () => {
    const tenant = await newTenant({
      exchange: {
        mailboxes: ['anna', 'ben', 'carl'].map((name) => ({
          ...{
            primarySmtpAddress: `${name}@fabrikam.example`,
            displayName: `Mr or Ms ${name}`,
            auditEnabled: false,
          },
        })),
      },
    });
    const done = await tenant.run({
      ...{ workloads: ['mailboxes'], mailboxes: ['Mr or Ms anna', 'ben@fabrikam.example'] },
      nonOwner: { admin: ['SendAs', 'FolderBind', 'SoftDelete'], delegate: ['FolderBind'] },
      owner: ['MailboxLogin'],
    });
    expect(done.status).toBe('Succeeded');
    const [anna, ben, carl] = tenant.exchange.mailboxes();
    // The switch and the limit, then actions.
    expect([anna?.writes, ben?.writes, carl?.writes]).toEqual([2, 2, 0]);
    expect(anna?.actions.Owner).toContain('MailboxLogin');
    expect(anna?.actions.Delegate).toContain('FolderBind');
    expect(anna?.actions.Owner).toContain('MailItemsAccessed');
    expect(anna?.defaultAuditSet).toEqual([]);
  });

  it('are found by a server-side filter', async () => {
    const tenant = await newTenant({
      exchange: { generate: { counts: { UserMailbox: 3, SharedMailbox: 2 }, unaudited: 1 } },
    });
    const filter = "RecipientTypeDetails -eq 'SharedMailbox'";
    const done = await tenant.run({ workloads: ['mailboxes'], mailboxes: { filter } });
    expect(stepOf(done, 'mailboxes').before).toEqual({ mailboxes: 2, toChange: 2 });
    expect(tenant.simulator.counters.snapshot().exchange.mailboxWrites.mailboxes).toBe(2);
  });
});
