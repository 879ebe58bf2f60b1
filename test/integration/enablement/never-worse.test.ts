import { describe, expect, it } from 'vitest';
import { stepOf } from '../../support/enablement-world.ts';
import { defaultActions } from '../../simulator/exchange/audit-actions.ts';
import { useEnabling, type EnabledTenant } from './enabling.ts';

const newTenant = useEnabling();

const mailbox = (name: string, changes: object = {}) => ({
  ...{ primarySmtpAddress: `${name}@fabrikam.example`, displayName: name },
  ...changes,
});

const mailboxOf = ({ exchange }: EnabledTenant, name: string) => {
  const found = exchange.mailboxes().find(({ alias }) => alias === name);
  if (found === undefined) throw new Error(`There is no mailbox ${name}.`);
  return found;
};

describe('a mailbox that keeps its log longer than requested', () => {
  const exchange = {
    mailboxes: [
      mailbox('long', { auditLogAgeLimit: '3650.00:00:00' }),
      mailbox('longer', { auditEnabled: false, auditLogAgeLimit: '3650.12:30:00' }),
      mailbox('short', { auditLogAgeLimit: '12:00:00' }),
    ],
  };

  it('keeps it: limits are only raised, and longer counts as wanted', async () => {
    const tenant = await newTenant({ exchange });
    const done = await tenant.run();
    expect(done.status).toBe('Succeeded');
    expect(stepOf(done, 'mailboxes').changes).toEqual([
      'longer@fabrikam.example: AuditEnabled from False to True',
      'short@fabrikam.example: AuditLogAgeLimit from 0 to 365 days',
    ]);
    expect(tenant.exchange.mailboxes().map(({ auditLogAgeLimit }) => auditLogAgeLimit)).toEqual([
      ...['3650.00:00:00', '3650.12:30:00', '365.00:00:00'],
    ]);
    expect(stepOf(done, 'verification').after).toMatchObject({ mailboxes: { total: 3, asWanted: 3 } });
  });

  it('is shortened when the request says so; a dry run shows from and to', async () => {
    const tenant = await newTenant({ exchange });
    const dry = await tenant.run({ lower: true, dryRun: true });
    expect(stepOf(dry, 'mailboxes').changes).toContain(
      'long@fabrikam.example: AuditLogAgeLimit from 3650 to 365 days',
    );
    await tenant.run({ lower: true });
    for (const { auditLogAgeLimit } of tenant.exchange.mailboxes())
      expect(auditLogAgeLimit).toBe('365.00:00:00');
  });

  it('is not shortened by the daily repair, whatever the last request was', async () => {
    const tenant = await newTenant({ exchange, repairDrift: true });
    await tenant.run({ lower: true });
    tenant.exchange.changeMailboxes({
      where: { identities: ['long'] },
      change: { auditLogAgeLimit: '3650.00:00:00', auditEnabled: false },
    });
    const { messages } = await tenant.work({ work: 'check' });
    for (const { id } of messages) await tenant.drain(id);
    expect(mailboxOf(tenant, 'long')).toMatchObject({
      ...{ auditEnabled: true, auditLogAgeLimit: '3650.00:00:00' },
    });
  });
});

describe('a mailbox whose limit is in an unknown format', () => {
  it('keeps it, gets everything else, and is not claimed to be as wanted', async () => {
    const odd = mailbox('odd', { auditEnabled: false, auditLogAgeLimit: 'P400D' });
    const tenant = await newTenant({ exchange: { mailboxes: [odd, mailbox('short')] } });
    const done = await tenant.run();
    const reason =
      'AuditLogAgeLimit of 1 mailbox cannot be read, so an enablement leaves it as it is: odd@fabrikam.example.';
    expect(stepOf(done, 'mailboxes')).toMatchObject({ status: 'Failed', errorMessage: reason });
    expect(mailboxOf(tenant, 'odd')).toMatchObject({ auditEnabled: true, auditLogAgeLimit: 'P400D' });
    expect(mailboxOf(tenant, 'short')).toMatchObject({ auditLogAgeLimit: '365.00:00:00' });
    expect(stepOf(done, 'verification')).toMatchObject({
      ...{ errorMessage: reason, after: { mailboxes: { total: 2, asWanted: 1, unknown: 1, wrong: [] } } },
    });
  });
});

describe('a mailbox without the license for an action', () => {
  it('gets everything else, and the action is named for it; others get all', async () => {
    const unlicensed = { unlicensedActions: ['SearchQueryInitiated'], auditEnabled: false };
    const tenant = await newTenant({
      exchange: { mailboxes: [mailbox('plain', unlicensed), mailbox('rich')] },
    });
    const done = await tenant.run({ owner: ['MailboxLogin', 'SearchQueryInitiated'] });
    expect(stepOf(done, 'mailboxes').errorMessage).toBe(
      "plain@fabrikam.example: SearchQueryInitiated (owner): Exchange answered: The mailbox 'plain@fabrikam.example' " +
        "doesn't have a license to audit SearchQueryInitiated.",
    );
    expect(mailboxOf(tenant, 'plain')).toMatchObject({
      ...{ auditEnabled: true, auditLogAgeLimit: '365.00:00:00' },
      actions: { Owner: [...defaultActions.Owner, 'MailboxLogin'].sort() },
    });
    expect(mailboxOf(tenant, 'rich').actions.Owner).toContain('SearchQueryInitiated');
  });
});

describe('the posture', () => {
  it('names mailboxes that lack actions of the default set, and the kinds that were left out', async () => {
    const Owner = defaultActions.Owner.filter((action) => action !== 'HardDelete');
    const left = { auditOwner: Owner, defaultAuditSet: ['Admin' as const, 'Delegate' as const] };
    const tenant = await newTenant({
      exchange: {
        mailboxes: [mailbox('cut', left), mailbox('whole')],
        generate: { counts: { DiscoveryMailbox: 2, GroupMailbox: 3 } },
      },
    });
    await tenant.work({ work: 'check' });
    const [posture] = await tenant.postures.list(tenant.tenantId, 1);
    expect(posture?.mailboxes).toMatchObject({
      lackingDefaults: [{ logonType: 'owner', actions: ['HardDelete'], mailboxes: ['cut@fabrikam.example'] }],
      leftOut: [
        { kind: 'DiscoveryMailbox', total: 2 },
        { kind: 'GroupMailbox' },
        { kind: 'PublicFolderMailbox' },
      ],
    });
    expect(tenant.simulator.counters.snapshot().exchange.writes).toBe(0);
  });
});
