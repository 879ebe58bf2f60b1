/** Reports on the invented companies, compared with naive computations over the texts of their records. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { mailboxAccess } from '../../../shared/reports/kinds/mailbox-access/kind.ts';
import { privilegedActivity } from '../../../shared/reports/kinds/privileged-activity/kind.ts';
import { signIns } from '../../../shared/reports/kinds/sign-ins/kind.ts';
import { userActivity } from '../../../shared/reports/kinds/user-activity/kind.ts';
import { privilegedRoles } from '../../../shared/tenants/privileged-roles.ts';
import type { RoleHolder, RoleHolderSnapshot } from '../../../shared/tenants/role-holders.ts';
import { demoTenants } from '../../simulator/demo/demo-tenants.ts';
import { driveKind, rowsOf, storedRecord, type StoredRecord } from './driven-kind.ts';
import { naively, textOf } from './privileged-activity/naive.ts';
import { expectPlain } from './sign-ins/naive.ts';
import { collected } from './sign-ins/sign-in-tenant.ts';
import { roleRecordAt } from './privileged-activity/told-tenant.ts';

const dayMs = 24 * 60 * 60_000;
const now = new Date('2026-03-30T12:00:00Z');
const range = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-29T00:00:00Z') };
const limits = { rows: 100_000, keys: 100_000 };
const completeness = { isPartial: false, isPending: false, hasGaps: false, gaps: [], gapsOmitted: 0 };
const asked = { tenant: { tenantId: 't', displayName: 'Invented' }, completeness, range, now, limits };

const textSchema = z.looseObject({
  ...{ Id: z.string(), CreationTime: z.string(), Operation: z.string(), RecordType: z.number() },
  ...{ UserId: z.string(), UserKey: z.string().optional(), Workload: z.string().optional() },
  ...{ MailboxOwnerUPN: z.string().optional(), LogonType: z.number().optional() },
});
type Text = z.infer<typeof textSchema>;
const parsed = ({ text }: StoredRecord): Text => textSchema.parse(JSON.parse(text.toString('utf8')));
const momentOf = ({ CreationTime }: Text) => Date.parse(`${CreationTime.replace(/Z$/, '')}Z`);
const isInRange = (one: Text) => momentOf(one) >= range.from.getTime() && momentOf(one) < range.to.getTime();

const companies = demoTenants(now).map(({ displayName, directory, records }) => {
  const own = records.map(({ text }) => storedRecord(Buffer.from(text)));
  const stored = [...new Map(own.map((one) => [one.record.id, one])).values()];
  return { displayName, directory, stored, texts: stored.map(parsed) };
});

/** How often each key occurs. */
function tallied(keys: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].map(([key, count]) => `${key}: ${count}`).toSorted();
}

describe.each(companies)('reports on $displayName', ({ directory, stored, texts }) => {
  const [first, second, third] = directory.users;
  const holderOf = (user: (typeof directory.users)[number] | undefined): RoleHolder => ({
    ...{ id: user?.id ?? '', type: 'user', assignment: 'active' },
    userPrincipalName: user?.userPrincipalName ?? '',
  });
  const [gains, loses] = [Date.parse('2026-03-10T10:00:00Z'), Date.parse('2026-03-20T15:00:00Z')];

  /** The first person is one throughout, the second from a record to a record, the third until an unknown moment of three days without a snapshot. */
  const lastSeen = Date.parse('2026-03-10T04:00:00Z');
  const nextSnapshot = lastSeen + 3 * dayMs;
  const heldByIndex: readonly ((moment: number) => 'yes' | 'possibly' | undefined)[] = [
    () => 'yes',
    (moment) => {
      if (moment < gains || moment >= loses + 1000) return undefined;
      return moment >= gains + 1000 && moment < loses ? 'yes' : 'possibly';
    },
    (moment) => {
      if (moment >= nextSnapshot) return undefined;
      return moment <= lastSeen ? 'yes' : 'possibly';
    },
  ];
  const heldBy = (user: string, moment: number) => {
    const names = [first, second, third].map((one) => one?.userPrincipalName.toLowerCase());
    return heldByIndex[names.indexOf(user)]?.(moment);
  };

  it('say what holders of a role did while they held it, at that moment', () => {
    const everyDay = Array.from({ length: 31 }, (_, day): RoleHolderSnapshot => {
      const takenAt = new Date(Date.parse('2026-02-28T04:00:00Z') + day * dayMs);
      const isHolder = (user: (typeof directory.users)[number] | undefined) =>
        heldBy(user?.userPrincipalName.toLowerCase() ?? '', takenAt.getTime()) !== undefined &&
        (user !== third || takenAt.getTime() <= lastSeen);
      return { takenAt, holders: [first, second, third].filter(isHolder).map(holderOf) };
    });
    const roleHolders = everyDay.filter(
      ({ takenAt }) => takenAt.getTime() <= lastSeen || takenAt.getTime() >= nextSnapshot,
    );
    const changes = [
      roleRecordAt(new Date(gains), 'boss', 'Add member to role.', holderOf(second)),
      roleRecordAt(new Date(loses), 'boss', 'Remove member from role.', holderOf(second)),
    ];
    const inputs = { ...asked, options: {}, people: [], roleHolders };
    const { sections } = driveKind(privilegedActivity, inputs, [...stored, ...changes]);
    const userOf = ({ UserId }: Text) => UserId.trim().toLowerCase();
    const did = texts.filter((one) => isInRange(one) && heldBy(userOf(one), momentOf(one)) !== undefined);
    const counted = rowsOf(sections, 'counts').flatMap(({ person, operation, records }) =>
      Array.from({ length: Number(records) }, () => `${String(person).toLowerCase()} ${String(operation)}`),
    );
    expect(tallied(counted)).toEqual(tallied(did.map((one) => `${userOf(one)} ${one.Operation}`)));
    expect(did.length).toBeGreaterThan(20);
    const holders = rowsOf(sections, 'holders');
    expect(holders.reduce((sum, { records }) => sum + Number(records), 0)).toBe(did.length);
    const possibly = did.filter((one) => heldBy(userOf(one), momentOf(one)) === 'possibly').length;
    expect(possibly).toBeGreaterThan(0);
    expect(sections[1]?.paragraphs.join(' ')).toContain(`For ${possibly} of the records it is not certain`);
    const role = ['62e90394-69f5-4237-9190-012177145e10', 'Global Administrator'] as const;
    const plain = naively({ snapshots: roleHolders, records: [...stored, ...changes], role });
    const plainly = stored.filter((one) => isInRange(parsed(one))).map((one) => plain.of(textOf(one)).held);
    expect(plainly).toEqual(texts.filter(isInRange).map((one) => heldBy(userOf(one), momentOf(one))));
    const byId = new Map(did.map((one) => [one.Id, one]));
    for (const { recordId, heldRole } of rowsOf(sections, 'acts')) {
      const one = byId.get(String(recordId));
      expect(one && heldBy(userOf(one), momentOf(one))).toBe(heldRole);
    }
  });

  it('say what holders of each role did, where records alone say who they are', () => {
    const known = privilegedRoles.flatMap(({ key, id, name }) => {
      const { of } = naively({ snapshots: [], records: stored, role: [id, name] });
      const did = texts.flatMap((one, at) => {
        const record = stored[at];
        const { held } = record === undefined || !isInRange(one) ? {} : of(textOf(record));
        return held === undefined ? [] : [`${one.Id} ${held}`];
      });
      const inputs = { ...asked, options: { roles: [key] }, people: [], roleHolders: [] };
      const { sections } = driveKind(privilegedActivity, inputs, stored);
      const records = rowsOf(sections, 'counts').reduce((sum, row) => sum + Number(row['records']), 0);
      expect(records).toBe(did.length);
      for (const { recordId, heldRole } of rowsOf(sections, 'acts'))
        expect(did).toContain(`${String(recordId)} ${String(heldRole)}`);
      return did;
    });
    expect(known.length > 0).toBe(texts.some(({ Operation }) => /member (?:to|from) role/i.test(Operation)));
  });

  it('say who used whose mailbox', () => {
    const inputs = { ...asked, options: { includeServices: true }, mailboxes: [], postures: [] };
    const { sections } = driveKind(mailboxAccess, inputs, stored);
    const used = texts.filter(({ RecordType, UserId, MailboxOwnerUPN = '', LogonType, ...one }) => {
      const isOwner =
        UserId.toLowerCase() === MailboxOwnerUPN.toLowerCase() && ![1, 2, 6].includes(LogonType ?? 0);
      const isOfMailbox = [2, 3, 19, 50].includes(RecordType) && MailboxOwnerUPN !== '';
      return isOfMailbox && !isOwner && isInRange({ RecordType, UserId, ...one });
    });
    const rows = rowsOf(sections, 'access').flatMap(({ person, mailbox, records }) =>
      Array.from({ length: Number(records) }, () => `${String(person)} ${String(mailbox)}`.toLowerCase()),
    );
    const pairs = used.map(({ UserId, MailboxOwnerUPN }) =>
      `${UserId} ${MailboxOwnerUPN ?? ''}`.toLowerCase(),
    );
    expect(tallied(rows)).toEqual(tallied(pairs));
  });

  it.each([
    ['whole', []],
    ['lost', [{ reason: 'Lost.' }]],
  ])(
    'say who failed to sign in, who was new where, and what looks like an attack (past: %s)',
    (_, pastGaps) => {
      const days = { from: new Date('2026-03-16T00:00:00Z'), to: new Date('2026-03-29T00:00:00Z') };
      const inputs = { ...asked, range: days, options: {}, pastGaps, collection: collected };
      const { sections } = driveKind(signIns, inputs, stored);
      const [from, to] = [days.from.getTime(), days.to.getTime()];
      const found = expectPlain(sections, stored, { from, to, isWhole: pastGaps.length === 0 });
      expect(found.networks).toBeGreaterThan(0);
    },
  );

  it.each(directory.users)('say what $displayName did with files', ({ userPrincipalName }) => {
    const { sections } = driveKind(userActivity, { ...asked, options: { user: userPrincipalName } }, stored);
    const own = texts.filter(
      (one) =>
        isInRange(one) &&
        one.UserId.toLowerCase() === userPrincipalName.toLowerCase() &&
        ['SharePoint', 'OneDrive'].includes(one.Workload ?? ''),
    );
    const count = (...operations: readonly string[]) =>
      String(own.filter(({ Operation }) => operations.includes(Operation)).length);
    const facts = Object.fromEntries(
      rowsOf(sections, 'summary').map(({ fact, value }) => [String(fact), value]),
    );
    expect(facts).toMatchObject({
      Records: String(own.length),
      Downloads: count('FileDownloaded', 'FileSyncDownloadedFull'),
      Uploads: count('FileUploaded', 'FileUploadedPartial', 'FileSyncUploadedFull'),
      'Active days': String(new Set(own.map(({ CreationTime }) => CreationTime.slice(0, 10))).size),
    });
  });
});
