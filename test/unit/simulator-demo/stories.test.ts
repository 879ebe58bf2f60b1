/** The stories of the demo tenants are in the records, in order, and available immediately. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { demoTenants } from '../../simulator/demo/demo-tenants.ts';
import { leaverName, lenderName } from '../../simulator/demo/stories/leaver-takes-site.ts';
import { strangeAddress } from '../../simulator/demo/stories/mailbox-takeover.ts';
import { technicianUserId } from '../../simulator/demo/stories/partner-and-consent.ts';

// A Monday morning, so that there is a weekend between the preceding working days.
const now = new Date('2026-09-14T06:30:00Z');
const tenants = demoTenants(now);

const recordSchema = z.looseObject({
  CreationTime: z.string(),
  Operation: z.string(),
  UserId: z.string(),
  UserType: z.int(),
  ClientIP: z.string().optional(),
  ClientIPAddress: z.string().optional(),
  ObjectId: z.string().optional(),
});
type AuditRecord = z.infer<typeof recordSchema>;

const recordsOf = (domain: string): readonly AuditRecord[] =>
  tenants
    .filter((tenant) => tenant.domain === domain)
    .flatMap(({ records }) => records)
    .filter(({ availableAt }) => availableAt <= now)
    .map(({ text }) => recordSchema.parse(JSON.parse(text)))
    .sort((a, b) => a.CreationTime.localeCompare(b.CreationTime));

const operationsOf = (records: readonly AuditRecord[]): readonly string[] =>
  records.map(({ Operation }) => Operation);
/** Some records have it in another form, or none. */
const usualAddress = (records: readonly AuditRecord[]): string => {
  const all = records.map(({ ClientIP = '' }) => ClientIP);
  const countOf = (address: string): number => all.filter((one) => one === address).length;
  return all.reduce((usual, one) => (countOf(one) > countOf(usual) ? one : usual), '');
};
const mentions = (record: AuditRecord, text: string): boolean => JSON.stringify(record).includes(text);

describe('Fabrikam: the administrator in the mailbox of the CEO', () => {
  const records = recordsOf('fabrikam.example');
  const hers = records.filter(({ UserId }) => UserId === 'marta.kowal@fabrikam.example');
  const grant = hers.find((record) => mentions(record, '"User","Value":"marta.kowal@fabrikam.example"'));
  const day = grant?.CreationTime.slice(0, 10) ?? '';
  const withCeo = hers.filter(
    (record) =>
      record.CreationTime >= (grant?.CreationTime ?? '') &&
      record.CreationTime.startsWith(day) &&
      mentions(record, 'helena.brandt@fabrikam.example'),
  );

  it('grants herself access, reads, sends as the CEO, and switches auditing off', () => {
    expect([...new Set(operationsOf(withCeo))]).toEqual([
      'Add-MailboxPermission',
      'MailItemsAccessed',
      'SendAs',
      'Set-Mailbox',
      'Remove-MailboxPermission',
    ]);
  });

  it('grants FullAccess to herself', () => {
    expect(withCeo[0]?.['Parameters']).toEqual(
      expect.arrayContaining([
        { Name: 'User', Value: 'marta.kowal@fabrikam.example' },
        { Name: 'AccessRights', Value: 'FullAccess' },
      ]),
    );
  });

  it("reads another person's mail as a delegate", () => {
    const reads = withCeo.filter(({ Operation }) => Operation === 'MailItemsAccessed');
    expect(reads.length).toBeGreaterThanOrEqual(5);
    expect(reads.every((read) => read['LogonType'] === 2 && read['MailboxOwnerUPN'] !== read.UserId)).toBe(
      true,
    );
  });

  it('makes a colleague Global Administrator', () => {
    const promotion = hers.find(({ Operation }) => Operation === 'Add member to role.');
    expect(promotion?.ObjectId).toBe('ravi.menon@fabrikam.example');
    expect(promotion?.['ModifiedProperties']).toEqual(
      expect.arrayContaining([{ Name: 'Role.WellKnownObjectName', NewValue: 'TenantAdmins', OldValue: '' }]),
    );
  });
});

describe('Fabrikam: the leaver and the sales site', () => {
  const records = recordsOf('fabrikam.example');
  const leaver = `${leaverName.toLowerCase().replace(' ', '.')}@fabrikam.example`;
  const closing = records.filter(
    ({ Operation, ObjectId }) => /^(Disable|Delete)/.test(Operation) && ObjectId === leaver,
  );
  const his = records.filter(({ UserId }) => UserId.toLowerCase() === leaver);

  it('searches, copies the whole site, and creates an anonymous link in one evening', () => {
    const lastDay = his.at(-1)?.CreationTime.slice(0, 10) ?? '';
    const evening = operationsOf(his.filter(({ CreationTime }) => CreationTime >= `${lastDay}T17:00:00`));
    const count = (operation: string): number => evening.filter((name) => name === operation).length;
    expect(count('SearchQueryPerformed')).toBeGreaterThanOrEqual(4);
    expect(count('FileDownloaded')).toBeGreaterThanOrEqual(150);
    expect(count('FileSyncDownloadedFull')).toBeGreaterThanOrEqual(20);
    expect(evening.at(-1)).toBe('AnonymousLinkCreated');
  });

  it('is at the same address as the account of a colleague, which downloads 18 files of another site', () => {
    const mailOf = (name: string) => `${name.toLowerCase().replace(' ', '.')}@fabrikam.example`;
    const link = his.find(({ Operation }) => Operation === 'AnonymousLinkCreated');
    const hers = records.filter(
      ({ UserId, CreationTime }) =>
        UserId.toLowerCase() === mailOf(lenderName) && CreationTime > (link?.CreationTime ?? ''),
    );
    const taken = hers.filter(({ ObjectId }) => ObjectId?.includes('/sites/Finance/') === true).slice(0, 18);
    expect(operationsOf(taken)).toEqual(Array.from({ length: 18 }, () => 'FileDownloaded'));
    const his18 = his.filter(({ Operation }) => Operation === 'FileDownloaded').slice(-18);
    expect(usualAddress(taken)).toBe(usualAddress(his18));
  });

  it('ends with the account disabled and deleted, and no activity afterwards', () => {
    expect(operationsOf(closing)).toEqual(['Disable account.', 'Delete user.']);
    const closedAt = closing[0]?.CreationTime ?? '';
    expect(his.filter(({ CreationTime }) => CreationTime > closedAt)).toEqual([]);
  });
});

describe('Adatum: the mailbox taken over', () => {
  const strange = recordsOf('adatum.example').filter((record) => mentions(record, strangeAddress));

  it('goes from guessed password to diverted mail and deleted warnings', () => {
    expect([...new Set(operationsOf(strange))]).toEqual([
      'UserLoginFailed',
      'UserLoggedIn',
      'MailItemsAccessed',
      'New-InboxRule',
      'Set-Mailbox',
      'UpdateInboxRules',
      'HardDelete',
    ]);
    expect(operationsOf(strange).filter((name) => name === 'UserLoginFailed').length).toBeGreaterThan(20);
  });

  it('forwards outside the company', () => {
    const diversion = strange.find(({ Operation }) => Operation === 'Set-Mailbox');
    expect(JSON.stringify(diversion?.['Parameters'])).toContain('"ForwardingSmtpAddress","Value":"smtp:');
  });
});

describe('Tailspin: the quiet tenant', () => {
  const records = recordsOf('tailspin.example');

  it('has changes by a partner technician', () => {
    const technician = records.filter(({ UserType }) => UserType === 9);
    expect(operationsOf(technician)).toEqual(['Set-HostedContentFilterPolicy', 'Set-RemoteDomain']);
    expect(new Set(technician.map(({ UserId }) => UserId))).toEqual(new Set([technicianUserId]));
  });

  it('has a tenant-wide consent to an application', () => {
    const consent = records.find(({ Operation }) => Operation === 'Consent to application.');
    expect(JSON.stringify(consent?.['ModifiedProperties'])).toContain('AllPrincipals');
  });
});
