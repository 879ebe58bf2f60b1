/** The report compared with a plain loop over random records, and over real ones where they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../../../shared/json.ts';
import { rowsOf, shuffled, type StoredRecord } from '../driven-kind.ts';
import { hasRealRecords, realRecords } from '../real-records.ts';
import { anna, ben, cmdlet, given, guids, opened, report, used } from './mailbox-tenant.ts';

const service = 'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)';
/** All names of some people; of the last two, no mailbox is known. */
const people: readonly (readonly string[])[] = [
  [anna, anna.toUpperCase(), 'anna@old.example', guids.anna],
  [ben, guids.ben],
  ['carl@fabrikam.example', 'Carl@fabrikam.example'],
  [service],
];
const columns: Readonly<Record<string, string>> = {
  MailItemsAccessed: 'opened',
  FolderBind: 'opened',
  Send: 'sent',
  SendAs: 'sentAs',
  HardDelete: 'deletedForGood',
  Update: 'changed',
  UpdateInboxRules: 'rules',
  MailboxLogin: 'other',
};
const logons = ['owner', 'administrator', 'delegate', 'transport', 'service', 'best access', 'partner'];

/** What happened, as no record says it. */
interface Happened {
  readonly day: number;
  readonly who: number;
  readonly whose: number;
  readonly spelled: number;
  readonly operation: string;
  readonly logon: number;
  readonly isSync: boolean;
  readonly isThrottled: boolean;
  readonly items: number;
  readonly host: number;
}
const happened = fc.record({
  day: fc.integer({ min: 1, max: 28 }),
  who: fc.nat({ max: 3 }),
  whose: fc.nat({ max: 2 }),
  spelled: fc.nat({ max: 3 }),
  operation: fc.constantFrom(...Object.keys(columns)),
  logon: fc.nat({ max: 6 }),
  isSync: fc.boolean(),
  isThrottled: fc.boolean(),
  items: fc.integer({ min: 1, max: 50 }),
  host: fc.integer({ min: 1, max: 3 }),
});

const nameOf = (person: number, spelled: number) => {
  const names = people[person] ?? [];
  return names[spelled % names.length] ?? '';
};

function recordOf({
  day,
  who,
  whose,
  spelled,
  operation,
  logon,
  isSync,
  isThrottled,
  items,
  host,
}: Happened): StoredRecord {
  const fields = {
    UserId: nameOf(who, spelled),
    LogonType: logon,
    MailboxOwnerUPN: nameOf(whose, spelled + 1),
    MailboxGuid: undefined,
    ClientIPAddress: `192.0.2.${host}`,
  };
  const time = `${String(day).padStart(2, '0')}T10:00`;
  const properties = { MailAccessType: isSync ? 'Sync' : 'Bind', IsThrottled: String(isThrottled) };
  return operation === 'MailItemsAccessed'
    ? opened(time, properties, { ...fields, OperationCount: items })
    : used(time, operation, fields);
}

const isByOther = ({ who, whose, logon }: Happened) => who !== whose || [1, 2, 6].includes(logon);
const isByService = ({ who, logon }: Happened) => who === 3 || logon === 3 || logon === 4;

/** Rows of who used whose mailbox, by person and mailbox. */
function plainly(all: readonly Happened[], includeServices: boolean): ReadonlyMap<string, unknown> {
  const shown = all.filter((one) => isByOther(one) && (includeServices || !isByService(one)));
  const keyOf = ({ who, whose }: Happened) => `${who} ${whose}`;
  return new Map(
    shown.map((one) => {
      const same = shown.filter((other) => keyOf(other) === keyOf(one));
      const columnOf = ({ operation, isSync }: Happened) =>
        operation === 'MailItemsAccessed' && isSync ? 'synchronized' : columns[operation];
      const count = (column: string) =>
        same
          .filter((other) => columnOf(other) === column)
          .reduce((sum, other) => sum + (columnOf(other) === 'opened' ? itemsOf(other) : 1), 0);
      const days = same.map(({ day }) => day);
      const row = {
        records: same.length,
        as: logons.filter((_, at) => same.some(({ logon }) => logon === at)).join(', '),
        ...Object.fromEntries([...Object.values(columns), 'synchronized'].map((name) => [name, count(name)])),
        first: new Date(Date.UTC(2026, 2, Math.min(...days), 10)).toISOString(),
        last: new Date(Date.UTC(2026, 2, Math.max(...days), 10)).toISOString(),
        addresses: new Set(same.map(({ host }) => host)).size,
      };
      return [keyOf(one), row];
    }),
  );
}

const itemsOf = ({ operation, items }: Happened) => (operation === 'MailItemsAccessed' ? items : 1);

const personOf = (name: unknown) =>
  people.findIndex((names) => names.some((one) => one.toLowerCase() === String(name).toLowerCase()));

const permission = fc
  .record({ day: fc.integer({ min: 10, max: 28 }), who: fc.nat({ max: 2 }) })
  .map(({ day, who }) =>
    cmdlet(`${day}T09:00`, 'Add-MailboxPermission', { User: nameOf(who, 0), AccessRights: 'FullAccess' }),
  );
const stored = fc.array(fc.oneof({ weight: 5, arbitrary: happened.map(recordOf) }, permission), {
  maxLength: 60,
});

describe('mailboxes used by others, of random records', () => {
  it('are what a plain loop finds', () => {
    fc.assert(
      fc.property(fc.array(happened, { maxLength: 60 }), fc.boolean(), (all, includeServices) => {
        const { sections } = report(all.map(recordOf), { options: { includeServices } });
        const rows = rowsOf(sections, 'access');
        const expected = plainly(all, includeServices);
        const found = rows.map(({ person, mailbox }) => `${personOf(person)} ${personOf(mailbox)}`);
        expect(found.toSorted()).toEqual([...expected.keys()].toSorted());
        for (const [at, row] of rows.entries())
          expect(row).toMatchObject(expected.get(found[at] ?? '') ?? {});
        const others = all.filter(isByOther);
        expect(sections[0]?.paragraphs[0]).toContain(
          `other than its owner: ${others.length}. Records of what owners did in their own mailboxes: ${all.length - others.length}.`,
        );
        const listed = others.filter((one) => includeServices || !isByService(one));
        const ways = rowsOf(sections, 'ways').reduce((sum, { records }) => sum + Number(records), 0);
        expect(ways).toBe(listed.length);
        expect(rowsOf(sections, 'records')).toHaveLength(
          listed.filter(
            ({ operation, isThrottled }) =>
              /SendAs|HardDelete|Rules/.test(operation) || (isThrottled && operation === 'MailItemsAccessed'),
          ).length,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('do not depend on the order in which records come', () => {
    fc.assert(
      fc.property(stored, fc.nat(), (records, salt) => {
        const { sections } = report(records, {}, { order: shuffled(salt) });
        expect(sections).toEqual(report(records).sections);
      }),
      { numRuns: 150 },
    );
  });

  it('are the same when the collector is replaced at any record, also beyond its limits', () => {
    const resumed = fc.uniqueArray(fc.integer({ min: 1, max: 80 }), { maxLength: 5 });
    const limits = fc.record({
      rows: fc.integer({ min: 1, max: 10 }),
      keys: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(stored, resumed, limits, (records, resumedAfter, limited) => {
        const small = { limits: limited };
        expect(report(records, small, { resumedAfter })).toEqual(report(records, small));
      }),
      { numRuns: 150 },
    );
  });
});

describe.skipIf(!hasRealRecords)('mailboxes used by others, of real records', () => {
  it('are what a plain loop finds', () => {
    const real = realRecords();
    const pairs = new Map<string, number>();
    for (const { text } of real) {
      const fields = parseJson(text.toString('utf8'));
      if (!isObject(fields) || ![2, 3, 50].includes(Number(fields['RecordType']))) continue;
      const [who, whose] = [fields['UserId'], fields['MailboxOwnerUPN']].map((name) =>
        String(name).toLowerCase(),
      );
      const isOwn = who === whose || fields['LogonUserSid'] === fields['MailboxOwnerSid'];
      if (isOwn && ![1, 2, 6].includes(Number(fields['LogonType']))) continue;
      pairs.set(`${who} ${whose}`, (pairs.get(`${who} ${whose}`) ?? 0) + 1);
    }
    const range = { from: new Date('2015-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
    const inputs = given({ range, mailboxes: [], options: { includeServices: true } });
    const rows = rowsOf(report(real, inputs).sections, 'access');
    const found = rows.map(({ person, mailbox, records }): [string, unknown] => [
      `${String(person)} ${String(mailbox)}`.toLowerCase(),
      records,
    ]);
    expect(found.toSorted()).toEqual([...pairs].toSorted());
    expect(found.length).toBeGreaterThan(1);
  });
});
