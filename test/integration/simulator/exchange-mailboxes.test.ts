/** Mailboxes in the simulated Exchange: finding them, and changing their audit settings. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultActions } from '../../simulator/exchange/audit-actions.ts';
import { fabrikam } from './simulator-client.ts';
import { problemOf, startExchange, typeOf, type ExchangeClient } from './exchange-client.ts';

const ada = 'ada@fabrikam.example';
const bo = 'bo@fabrikam.example';
const healthy = {
  auditEnabled: true,
  foundAsAudited: true,
  auditLogAgeLimit: '90.00:00:00',
  auditAdmin: defaultActions.Admin,
  auditDelegate: defaultActions.Delegate,
  auditOwner: defaultActions.Owner,
  defaultAuditSet: ['Admin', 'Delegate', 'Owner'] as const,
  bypassed: false,
};

let client: ExchangeClient;

beforeAll(async () => {
  client = await startExchange({
    mailboxes: [
      { primarySmtpAddress: ada, displayName: 'Ada Abel' },
      { primarySmtpAddress: bo, displayName: 'Bo Berg' },
      { primarySmtpAddress: 'twin.a@fabrikam.example', displayName: 'Twin' },
      { primarySmtpAddress: 'twin.b@fabrikam.example', displayName: 'Twin', kind: 'SharedMailbox' },
      { primarySmtpAddress: 'team@fabrikam.example', displayName: 'Team', kind: 'GroupMailbox' },
    ],
  });
});

afterAll(() => client.stop());

beforeEach(() => {
  client.simulator.counters.reset();
  client.simulator.exchange(fabrikam).changeMailboxes({ where: {}, change: healthy });
});

const get = async (identity: string) => (await client.rows('Get-Mailbox', { Identity: identity }))[0];

const set = (identity: string, parameters: Readonly<Record<string, unknown>>) =>
  client.invoke('Set-Mailbox', { Identity: identity, ...parameters });

const aliases = async (parameters: Readonly<Record<string, unknown>>): Promise<unknown> =>
  (await client.rows('Get-Mailbox', parameters)).map(({ Alias: alias }) => alias);

const change = (identity: string, changed: Partial<typeof healthy>): void => {
  client.simulator.exchange(fabrikam).changeMailboxes({ where: { identities: [identity] }, change: changed });
};

describe('finding mailboxes', () => {
  it('by name, address, alias, or GUID finds the same one', async () => {
    const row = await get('Ada Abel');
    expect(row).toMatchObject({ PrimarySmtpAddress: ada, RecipientTypeDetails: 'UserMailbox' });
    for (const identity of [ada.toUpperCase(), 'ada', String(row?.['ExchangeGuid'])]) {
      expect(await get(identity)).toEqual(row);
    }
  });

  it('that do not exist or are ambiguous is an error', async () => {
    const missing = await client.invoke('Get-Mailbox', { Identity: 'unknown' });
    expect(problemOf(missing)).toContain("'unknown' couldn't be found");
    expect(typeOf(missing)).toContain('ManagementObjectNotFoundException');
    expect(problemOf(await set('Twin', { AuditEnabled: true }))).toContain('matches multiple entries');
  });

  it('omits groups unless requested', async () => {
    expect(await aliases({})).toEqual(['ada', 'bo', 'twin.a', 'twin.b']);
    expect(await aliases({ GroupMailbox: true })).toEqual(['team']);
    expect(await aliases({ RecipientTypeDetails: ['SharedMailbox', 'GroupMailbox'] })).toEqual([
      'twin.b',
      'team',
    ]);
    expect((await set('team', { AuditEnabled: true })).status).toBe(400);
    expect((await set('team', { AuditEnabled: true, GroupMailbox: true })).status).toBe(200);
  });

  it('filters by the actual state', async () => {
    change(ada, { auditEnabled: false });
    expect(await aliases({ Filter: 'AuditEnabled -eq $false' })).toEqual(['ada']);
    expect(await aliases({ Filter: "{AuditEnabled -eq $true -and DisplayName -ne 'Twin'}" })).toEqual(['bo']);
    expect((await client.invoke('Get-Mailbox', { Filter: 'AuditEnabled' })).status).toBe(400);
    expect((await client.invoke('Get-Mailbox', { Filter: "Shoe -eq '41'" })).status).toBe(400);
  });
});

describe('turning auditing on', () => {
  it('is reported and is found by the filter', async () => {
    change(ada, { auditEnabled: false });
    expect((await set(ada, { AuditEnabled: true, AuditLogAgeLimit: '365.00:00:00' })).status).toBe(200);
    expect(await get(ada)).toMatchObject({ AuditEnabled: true, AuditLogAgeLimit: '365.00:00:00' });
    expect(await aliases({ Filter: 'AuditEnabled -eq $false' })).toEqual([]);
  });

  it('has no effect on a mailbox that only reports it, until it is turned off first', async () => {
    change(ada, { auditEnabled: true, foundAsAudited: false });
    expect(await get(ada)).toMatchObject({ AuditEnabled: true });
    await set(ada, { AuditEnabled: true });
    expect(await aliases({ Filter: 'AuditEnabled -eq $false' })).toEqual(['ada']);
    await set(ada, { AuditEnabled: false });
    await set(ada, { AuditEnabled: true });
    expect(await aliases({ Filter: 'AuditEnabled -eq $false' })).toEqual([]);
  });

  it('counts the writes to each mailbox', async () => {
    await set(ada, { AuditEnabled: false });
    await set(ada, { AuditEnabled: true });
    await set(bo, { AuditEnabled: true });
    const observed = client.simulator.exchange(fabrikam).mailboxes();
    expect(observed.map(({ writes }) => writes)).toEqual([2, 1, 0, 0, 0]);
    expect(client.simulator.counters.snapshot().exchange.mailboxWrites).toEqual({
      ...{ total: 3, mailboxes: 2, mostToOneMailbox: 2 },
    });
  });
});

describe('the age limit', () => {
  it.each([
    [365, '365.00:00:00'],
    ['180', '180.00:00:00'],
    ['00:00:00', '00:00:00'],
  ])('of %j is stored as %s', async (given, kept) => {
    await set(ada, { AuditLogAgeLimit: given });
    expect(await get(ada)).toMatchObject({ AuditLogAgeLimit: kept });
  });

  it.each(['a year', '90000'])('of "%s" is refused', async (given) => {
    expect((await set(ada, { AuditLogAgeLimit: given })).status).toBe(400);
  });
});

describe('the audited actions', () => {
  const hashTable = { '@odata.type': '#Exchange.GenericHashTable' };

  it('can be added and removed, and the list is no longer the default', async () => {
    const AuditOwner = { ...hashTable, Add: ['mailboxlogin'], Remove: ['Send'] };
    expect((await set(ada, { AuditOwner })).status).toBe(200);
    const row = await get(ada);
    expect(row?.['AuditOwner']).toEqual(
      [...defaultActions.Owner.filter((action) => action !== 'Send'), 'MailboxLogin'].sort(),
    );
    expect(row?.['DefaultAuditSet']).toEqual(['Admin', 'Delegate']);
  });

  it('can be replaced by a complete list', async () => {
    await set(ada, { AuditAdmin: ['FolderBind', 'SendAs'], AuditDelegate: ['FolderBind'] });
    expect(await get(ada)).toMatchObject({
      AuditAdmin: ['FolderBind', 'SendAs'],
      AuditDelegate: ['FolderBind'],
      AuditOwner: defaultActions.Owner,
      DefaultAuditSet: ['Owner'],
    });
  });

  it('can be restored with the default audit set', async () => {
    await set(ada, { AuditAdmin: ['SendAs'], AuditOwner: ['Send'] });
    await set(ada, { DefaultAuditSet: 'Admin,Delegate,Owner' });
    expect(await get(ada)).toMatchObject({
      AuditAdmin: defaultActions.Admin,
      AuditOwner: defaultActions.Owner,
      DefaultAuditSet: ['Admin', 'Delegate', 'Owner'],
    });
  });

  it.each([
    ['an unknown action', { AuditOwner: ['Dance'] }, 'Cannot convert value "Dance"'],
    ['an action of another logon type', { AuditDelegate: ['MailboxLogin'] }, '"MailboxLogin"'],
    ['an unknown action to add', { AuditOwner: { ...hashTable, Add: ['Dance'] } }, '"Dance"'],
    ['a hash table that does not say so', { AuditOwner: { Add: ['Move'] } }, "parameter 'AuditOwner'"],
  ])('cannot be %s', async (_what, parameters, reason) => {
    expect(problemOf(await set(ada, parameters))).toContain(reason);
    expect(await get(ada)).toMatchObject({ AuditOwner: defaultActions.Owner });
  });
});

describe('bypass associations', () => {
  const bypassed = async () =>
    (await client.rows('Get-MailboxAuditBypassAssociation', { ResultSize: 'Unlimited' }))
      .filter(({ AuditBypassEnabled: enabled }) => enabled === true)
      .map(({ Name: name }) => name);

  it('are found and cleared, and counted separately from other writes', async () => {
    change(bo, { bypassed: true });
    expect(await bypassed()).toEqual(['bo']);
    await client.invoke('Set-MailboxAuditBypassAssociation', { Identity: 'bo', AuditBypassEnabled: false });
    expect(await bypassed()).toEqual([]);
    const { exchange } = client.simulator.counters.snapshot();
    expect(exchange).toMatchObject({ writes: 1, mailboxWrites: { total: 0 } });
    expect(client.simulator.exchange(fabrikam).mailboxes()[1]).toMatchObject({ bypassWrites: 1 });
  });

  it('are returned for one account', async () => {
    expect(await client.rows('Get-MailboxAuditBypassAssociation', { Identity: ada })).toMatchObject([
      { Name: 'ada', AuditBypassEnabled: false },
    ]);
  });
});
