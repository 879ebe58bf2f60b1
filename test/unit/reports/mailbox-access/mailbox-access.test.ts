import { describe, expect, it } from 'vitest';
import type { Section } from '../../../../shared/reports/document.ts';
import { rowsOf } from '../driven-kind.ts';
import { anna, audited, ben, cmdlet, guids, opened, report, used } from './mailbox-tenant.ts';

const accessIn = (...reported: Parameters<typeof report>) => rowsOf(report(...reported).sections, 'access');
const paragraphsOf = (sections: readonly Section[], name: string) =>
  sections.find((one) => one.name === name)?.paragraphs.join(' ') ?? '';

describe('mailboxes used by others', () => {
  it('are those in which someone acted as a delegate or an administrator, or is not the owner', () => {
    const rows = accessIn([
      used('05T10:00', 'Update'),
      used('05T10:01', 'Update', { LogonType: 0 }),
      used('05T10:02', 'Update', { LogonType: 'Admin', UserId: 'admin@fabrikam.example' }),
      used('05T10:03', 'Update', { LogonType: 0, UserId: anna.toUpperCase() }),
      used('05T10:04', 'Update', { LogonType: 1, UserId: anna }),
    ]);
    expect(rows.map(({ person, mailbox, as, records }) => [person, mailbox, as, records])).toEqual([
      [ben, anna, 'owner, delegate', 2],
      ['admin@fabrikam.example', anna, 'administrator', 1],
      [anna, anna, 'administrator', 1],
    ]);
  });

  it('are not those of owners under another name: an earlier address, a GUID, a SID', () => {
    const own = { LogonType: 0 };
    const { sections } = report([
      used('05T10:00', 'Update', { ...own, UserId: 'anna@old.example' }),
      used('05T10:01', 'Update', { ...own, UserId: guids.anna, MailboxGuid: undefined }),
      used('05T10:02', 'Update', { ...own, UserId: anna, MailboxOwnerUPN: undefined }),
      used('05T10:03', 'Update', { ...own, UserId: 'S-1-5-21-7', MailboxOwnerSid: 'S-1-5-21-7' }),
      used('05T10:04', 'Update', {
        ...own,
        UserId: 'x',
        LogonUserSid: 'S-1-5-21-8',
        MailboxOwnerMasterAccountSid: 'S-1-5-21-8',
      }),
    ]);
    expect(rowsOf(sections, 'access')).toEqual([]);
    expect(paragraphsOf(sections, 'access')).toContain('in their own mailboxes: 5.');
  });

  it('are of others where only the placeholder of shared mailboxes is the same', () => {
    const rows = accessIn([
      used('05T10:00', 'Update', {
        LogonType: 0,
        LogonUserSid: 'S-1-5-10',
        MailboxOwnerMasterAccountSid: 'S-1-5-10',
      }),
    ]);
    expect(rows).toHaveLength(1);
  });

  it('are one row for all names of the person and the mailbox', () => {
    const rows = accessIn([
      used('05T10:00', 'Update', { UserId: guids.ben }),
      used('06T10:00', 'Update', { MailboxOwnerUPN: 'anna@old.example' }),
      used('07T10:00', 'Update', { MailboxOwnerUPN: undefined }),
    ]);
    expect(rows).toEqual([
      expect.objectContaining({
        person: ben,
        mailbox: guids.anna,
        records: 3,
        changed: 3,
        first: '2026-03-05T10:00:00.000Z',
        last: '2026-03-07T10:00:00.000Z',
      }),
    ]);
  });

  it('are counted by kind of act, opened items by the number that Exchange summed up', () => {
    const [row] = accessIn([
      opened('05T10:00', { MailAccessType: 'Bind' }, { OperationCount: 17 }),
      opened('05T10:01', { MailAccessType: 'Bind' }, { OperationCount: -3 }),
      opened('05T10:02', { MailAccessType: 'Sync' }, { RecordType: 2 }),
      used('05T10:03', 'FolderBind'),
      used('05T10:04', 'Send'),
      used('05T10:05', 'SendAs'),
      used('05T10:06', 'sendonbehalf'),
      used('05T10:07', 'HardDelete', { RecordType: 3 }),
      used('05T10:08', 'SoftDelete', { RecordType: 3 }),
      used('05T10:09', 'UpdateInboxRules'),
      used('05T10:10', 'UpdateFolderPermissions'),
      used('05T10:11', 'MailboxLogin'),
    ]);
    expect(row).toMatchObject({
      records: 12,
      opened: 19,
      synchronized: 1,
      sent: 1,
      sentAs: 1,
      sentOnBehalf: 1,
      deletedForGood: 1,
      deleted: 1,
      changed: 0,
      rules: 1,
      permissions: 1,
      other: 1,
    });
  });

  it('have the addresses and the client applications', () => {
    const outlook = { ClientInfoString: 'Client=MSExchangeRPC', ClientProcessName: 'OUTLOOK.EXE' };
    const { sections } = report([
      used('05T10:00', 'Update'),
      used('06T10:00', 'Update', { ClientInfoString: 'Client=OWA;Mozilla/6.0' }),
      used('07T10:00', 'Update', { ClientIPAddress: '192.0.2.2:443', ...outlook }),
    ]);
    expect(
      rowsOf(sections, 'ways').map(({ clientIp, client, records }) => [clientIp, client, records]),
    ).toEqual([
      ['192.0.2.1', 'OWA', 2],
      ['192.0.2.2', 'OUTLOOK.EXE, MSExchangeRPC', 1],
    ]);
    expect(rowsOf(sections, 'access')[0]).toMatchObject({ addresses: 2, newestAddress: '192.0.2.2' });
  });

  it('are of those in whose name something was sent, though it was sent from another mailbox', () => {
    const rows = accessIn([
      used('05T10:00', 'SendAs', {
        LogonType: 0,
        MailboxOwnerUPN: ben,
        MailboxGuid: guids.ben,
        SendAsUserSmtp: anna,
      }),
    ]);
    expect(rows).toEqual([expect.objectContaining({ person: ben, mailbox: anna, sentAs: 1 })]);
  });

  it('are one mailbox if one is wanted, by any name that records have', () => {
    const others = { MailboxOwnerUPN: 'carl@fabrikam.example', MailboxGuid: undefined };
    const sentAsCarl = { MailboxOwnerUPN: anna, SendAsUserSmtp: 'carl@fabrikam.example' };
    const stored = [
      used('05T10:00', 'Update'),
      used('05T10:00', 'Update', others),
      used('05T10:00', 'SendAs', sentAsCarl),
      used('05T10:00', 'SendAs', { MailboxOwnerUPN: ben, SendAsUserSmtp: 'anna@old.example' }),
    ];
    const rows = accessIn(stored, { options: { mailbox: anna } });
    expect(rows.map(({ records, sentAs }) => [records, sentAs])).toEqual([[2, 1]]);
  });

  it('leave out services of Microsoft, say how many records that are, and list them if that is wanted', () => {
    const stored = [
      used('05T10:00', 'Update', { UserId: 'S-1-5-18', LogonType: 1 }),
      used('05T10:01', 'Update', {
        UserId: 'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)',
        LogonType: 1,
      }),
      used('05T10:02', 'Update', {
        UserId: 'ServicePrincipal_c1111111-0000-4000-8000-000000000001',
        AppId: '00000002-0000-0ff1-ce00-000000000000',
      }),
      used('05T10:03', 'Update', { AppId: '00000002-0000-0ff1-ce00-000000000000' }),
      used('05T10:04', 'Update', {
        UserId: 'ServicePrincipal_d1111111-0000-4000-8000-000000000001',
        AppId: 'd2222222-0000-4000-8000-000000000001',
      }),
    ];
    const { sections } = report(stored);
    expect(rowsOf(sections, 'access')).toHaveLength(2);
    expect(paragraphsOf(sections, 'access')).toContain(
      'Of Microsoft’s own services, which are not listed: 3.',
    );
    expect(accessIn(stored, { options: { includeServices: true } })).toHaveLength(5);
  });

  it('have their notable records with a sentence and an ID, the worst first, then the newest', () => {
    const deleted = used('05T10:00', 'HardDelete', { RecordType: 3 });
    const sent = used('06T10:00', 'SendAs');
    const off = cmdlet('04T10:00', 'Set-Mailbox', { AuditEnabled: 'False' });
    const rows = rowsOf(report([deleted, sent, off, used('06T10:00', 'Update')]).sections, 'records');
    expect(rows.map(({ severity, recordId }) => [severity, recordId])).toEqual([
      ['critical', off.record.id],
      ['warning', sent.record.id],
      ['warning', deleted.record.id],
    ]);
    expect(rows[0]?.['act']).toMatch(/turned off auditing/);
    expect(rows[2]?.['act']).toContain(ben);
  });

  it('are explained by permissions that were granted in the range to those who used them', () => {
    const explains = cmdlet('04T10:00', 'Add-MailboxPermission', { User: 'Ben', AccessRights: 'FullAccess' });
    const toAll = cmdlet('03T10:00', 'Add-MailboxFolderPermission', {
      User: 'Default',
      AccessRights: 'Reviewer',
    });
    const { sections } = report([
      used('05T10:00', 'Update'),
      explains,
      toAll,
      cmdlet('04T10:01', 'Add-MailboxPermission', {
        User: 'carl@fabrikam.example',
        AccessRights: 'FullAccess',
      }),
      cmdlet('04T10:02', 'Add-MailboxPermission', { User: ben, AccessRights: 'FullAccess', Deny: 'True' }),
      cmdlet('04T10:03', 'Set-Mailbox', { DisplayName: 'x' }),
    ]);
    expect(rowsOf(sections, 'permissions').map(({ grantee, recordId }) => [grantee, recordId])).toEqual([
      ['Ben', explains.record.id],
      ['Default', toAll.record.id],
    ]);
    expect(paragraphsOf(sections, 'permissions')).toContain('to no record: 1.');
  });

  it('are explained only by permissions that were granted before the last use, or in its second', () => {
    const grantAt = (time: string, User: string) =>
      cmdlet(time, 'Add-MailboxPermission', { User, AccessRights: 'FullAccess' });
    const grants = [grantAt('05T10:00', ben), grantAt('05T09:59', 'Default'), grantAt('04T10:00', ben)];
    const late = [grantAt('05T10:01', ben), grantAt('05T10:01', 'Default')];
    const { sections } = report([used('03T10:00', 'Update'), used('05T10:00', 'Update'), ...grants, ...late]);
    expect(rowsOf(sections, 'permissions').map(({ recordId }) => recordId)).toEqual(
      grants.map(({ record }) => record.id),
    );
    expect(paragraphsOf(sections, 'permissions')).toContain('to no record: 2.');
  });

  it('say of no permission that it is not used, for records may not be matched to it', () => {
    const grant = cmdlet('04T10:00', 'Add-MailboxPermission', { User: 'dora', AccessRights: 'FullAccess' });
    const nameless = used('05T10:00', 'Update', { UserId: undefined });
    const said = paragraphsOf(report([nameless, grant]).sections, 'permissions');
    expect(said).toContain('That does not mean that they were not used');
    expect(said).not.toMatch(/unused|no record shows/);
  });

  it('are explained by folders that the owner shared', () => {
    const folder = { MemberUpn: ben, MemberRights: 'ReadAny', Path: '\\Calendar' };
    const shared = used('04T10:00', 'AddFolderPermissions', {
      ...{ UserId: anna, LogonType: 0 },
      Item: { ParentFolder: folder },
    });
    const { sections } = report([used('05T10:00', 'Update'), shared]);
    expect(rowsOf(sections, 'permissions').map(({ recordId }) => recordId)).toEqual([shared.record.id]);
  });

  it('are counted beyond the limits', () => {
    const stored = ['carl', 'dora', 'emil'].map((name, at) =>
      used(`0${at + 1}T10:00`, 'HardDelete', { RecordType: 3, UserId: `${name}@fabrikam.example` }),
    );
    const { sections } = report(stored, { limits: { rows: 1, keys: 2 } });
    expect(rowsOf(sections, 'access').map(({ person }) => person)).toEqual(['emil@fabrikam.example']);
    expect(paragraphsOf(sections, 'access')).toContain('beyond those that can be counted: 2.');
    const notable = sections.find(({ name }) => name === 'records')?.tables[0];
    expect([notable?.rows.length, notable?.omitted]).toEqual([1, 2]);
  });
});

describe('what cannot be known about mailboxes', () => {
  it('is what Exchange stopped recording, also of owners', () => {
    const own = { UserId: anna, LogonType: 0 };
    const { sections } = report([
      opened('05T10:00', { MailAccessType: 'Bind', IsThrottled: 'True' }, own),
      opened('06T10:00', { MailAccessType: 'Bind', IsThrottled: 'True' }),
      opened('07T10:00', { MailAccessType: 'Bind', IsThrottled: 'False' }),
    ]);
    const rows = rowsOf(sections, 'unknown');
    expect(rows.map(({ name, first, last }) => [name, first, last])).toEqual([
      [anna, '2026-03-05T10:00:00.000Z', '2026-03-06T10:00:00.000Z'],
    ]);
    expect(rows[0]?.['reason']).toContain('stopped recording');
    expect(rowsOf(sections, 'records').map(({ severity }) => severity)).toEqual(['notice']);
  });

  it('is what was not audited when the tenant was checked', () => {
    const posture = {
      ...audited,
      mailboxAuditingDisabled: true,
      mailboxes: { total: 9, asWanted: 5, unknown: 1, wrong: [anna] },
      bypasses: [ben],
    };
    const { sections } = report([], { postures: [posture, audited] });
    expect(rowsOf(sections, 'unknown').map(({ name, reason }) => [name, reason])).toEqual([
      [ben, expect.stringContaining('bypasses auditing')],
      [anna, expect.stringContaining('not audited as wanted')],
    ]);
    expect(sections.find(({ name }) => name === 'unknown')?.tables[0]?.omitted).toBe(2);
    expect(paragraphsOf(sections, 'unknown')).toContain('off for the whole organization: 1 of 2');
  });

  it('is everything where auditing was never checked, and records without an actor or a mailbox', () => {
    const nameless = used('05T10:00', 'Update', { MailboxOwnerUPN: undefined, MailboxGuid: undefined });
    const said = paragraphsOf(report([nameless]).sections, 'unknown');
    expect(said).toContain('was not checked before the end of this range');
    expect(said).toContain('do not say who acted, or in whose mailbox: 1.');
  });
});
