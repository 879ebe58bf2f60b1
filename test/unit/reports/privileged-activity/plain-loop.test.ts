/** The report compared with a plain loop over random records, and over real ones where they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../shared/json.ts';
import type { Section } from '../../../../shared/reports/document.ts';
import { describe as describeRecord } from '../../../../shared/sentences/describe.ts';
import { privilegedRoles } from '../../../../shared/tenants/privileged-roles.ts';
import type { RoleHolder } from '../../../../shared/tenants/role-holders.ts';
import { shuffled } from '../driven-kind.ts';
import { hasRealRecords, realRecords } from '../real-records.ts';
import { drive, rowsOf, type Given, type StoredRecord } from './driven-report.ts';
import { naively, textOf } from './naive.ts';
import { given, recordOf, roleRecord } from './told-tenant.ts';

const names = ['anna', 'ben', 'carl', 'dora'] as const;
const people = names.map((name, index): RoleHolder => ({
  id: `a${index}111111-0000-4000-8000-000000000001`,
  ...{ type: 'user', assignment: 'active', userPrincipalName: `${name}@fabrikam.example` },
}));
const personAt = (index: number): RoleHolder =>
  people[index] ?? { id: 'x', type: 'user', assignment: 'active' };

const roleNamed = (wanted: string) => {
  const found = privilegedRoles.find(({ key }) => key === wanted);
  return [found?.id ?? '', found?.name ?? ''] as const;
};

/** What the sections must say: everything is counted with a loop, in any order. */
function plainly(
  { roleHolders, range }: Given,
  stored: readonly StoredRecord[],
  role = roleNamed('globalAdministrator'),
) {
  const known = naively({ snapshots: roleHolders, records: stored, role });
  const counted = stored.flatMap((one) => {
    const { id, createdDateTime: at, summary } = one.record;
    if (at < range.from || at >= range.to) return [];
    const { id: person, held } = known.of(textOf(one));
    if (held === undefined) return [];
    const { severity } = describeRecord(summary, parseJson(one.text.toString('utf8')));
    return [{ id, at, person, operation: summary.operation ?? '', severity, held }];
  });
  return { counted, idOf: known.idOf };
}

type Plain = ReturnType<typeof plainly>;
type Counted = Plain['counted'];

function expectPlain(sections: readonly Section[], { counted, idOf }: Plain): void {
  const counts = rowsOf(sections, 'counts');
  const sums = new Map<string, number>();
  for (const { person, operation, records } of counts) {
    const key = `${idOf(String(person))} ${String(operation)}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(records));
  }
  const expected = new Map<string, number>();
  for (const { person, operation } of counted)
    expected.set(`${person} ${operation}`, (expected.get(`${person} ${operation}`) ?? 0) + 1);
  expect([...sums].toSorted()).toEqual([...expected].toSorted());
  const isRare = ({ operation, person }: Counted[number]) => {
    const same = counted.filter((one) => one.operation === operation);
    return same.length <= 2 && same.every((one) => one.person === person);
  };
  const listed = counted.filter((one) => one.severity === 'high' || isRare(one));
  const rows = rowsOf(sections, 'acts').map(
    ({ recordId, heldRole }) => `${String(recordId)} ${String(heldRole)}`,
  );
  expect(rows.toSorted()).toEqual(listed.map(({ id, held }) => `${id} ${held}`).toSorted());
  const possibly = counted.filter(({ held }) => held === 'possibly').length;
  if (possibly > 0)
    expect(sections[1]?.paragraphs.join(' ')).toContain(`For ${possibly} of the records it is not certain`);
  const high = counted.filter(({ severity }) => severity === 'high').map(({ at }) => at.getTime());
  const times = rowsOf(sections, 'acts')
    .slice(0, high.length)
    .map((row) => Date.parse(String(row['createdDateTime'])));
  expect(times).toEqual(high.toSorted((a, b) => b - a));
  const chart = sections.flatMap(({ charts }) => charts)[0];
  const total = (chart?.series ?? []).flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0);
  expect(total).toBe(counted.length);
}

const operations = [
  'FileAccessed',
  'FileDeleted',
  'Update user.',
  'Set-Mailbox',
  'SearchCreated',
  'New-TransportRule',
];
const day = fc.integer({ min: 1, max: 28 }).map((date) => String(date).padStart(2, '0'));
const time = fc
  .tuple(day, fc.integer({ min: 0, max: 23 }))
  .map(([date, hour]) => `${date}T${String(hour).padStart(2, '0')}:30`);
const index = fc.nat({ max: names.length - 1 });

const ordinaryAt = (time: fc.Arbitrary<string>) =>
  fc
    .record({ time, by: index, operation: fc.constantFrom(...operations), byId: fc.boolean() })
    .map(({ time: at, by, operation, byId }) => {
      const { id, userPrincipalName = '' } = personAt(by);
      const who = byId ? { UserKey: id } : {};
      return recordOf(at, byId ? 'Not Available' : userPrincipalName.toUpperCase(), {
        Operation: operation,
        ...who,
      });
    });
const ofRoleAt = (time: fc.Arbitrary<string>) =>
  fc
    .record({
      time,
      by: index,
      of: index,
      operation: fc.constantFrom('Add member to role.', 'Remove member from role.'),
    })
    .map(({ time: at, by, of, operation }) =>
      roleRecord(at, personAt(by).userPrincipalName ?? '', operation, personAt(of)),
    );
const tenantWith = (time: fc.Arbitrary<string>) =>
  fc
    .record({
      records: fc.array(
        fc.oneof({ weight: 4, arbitrary: ordinaryAt(time) }, { weight: 2, arbitrary: ofRoleAt(time) }),
        {
          maxLength: 60,
        },
      ),
      snapshots: fc.uniqueArray(fc.tuple(day, fc.subarray(people)), {
        selector: ([date]) => date,
        maxLength: 8,
      }),
      bounds: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 2, maxLength: 2 }),
    })
    .map(({ records, snapshots, bounds }) => {
      const [from = 1, to = 31] = bounds.toSorted((a, b) => a - b).map((date) => Date.UTC(2026, 2, date));
      const range = { from: new Date(from), to: new Date(to) };
      const oldestFirst = snapshots
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([date, holders]) => [date, ...holders] as const);
      return { records, given: given(oldestFirst, { range }) };
    });

const tenant = tenantWith(time);
/** Many records in the same second. */
const dense = tenantWith(fc.constantFrom('05T10:00', '05T10:01', '06T10:00'));

describe('the activity of holders of random roles', () => {
  it('is what a plain loop finds', () => {
    fc.assert(
      fc.property(tenant, ({ records, given: inputs }) => {
        expectPlain(drive(inputs, records).sections, plainly(inputs, records));
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order in which records come', () => {
    fc.assert(
      fc.property(dense, fc.nat(), ({ records, given: inputs }, salt) => {
        expect(drive(inputs, records, { order: shuffled(salt) })).toEqual(drive(inputs, records));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same when the collector is replaced at any record, also beyond its limits', () => {
    const resumed = fc.uniqueArray(fc.integer({ min: 1, max: 80 }), { maxLength: 5 });
    const limits = fc.record({
      rows: fc.integer({ min: 1, max: 20 }),
      keys: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(tenant, resumed, limits, ({ records, given: inputs }, resumedAfter, limited) => {
        const small = { ...inputs, limits: limited };
        expect(drive(small, records, { resumedAfter })).toEqual(drive(small, records));
      }),
      { numRuns: 300 },
    );
  });
});

describe.skipIf(!hasRealRecords)('the activity of holders in real records', () => {
  const year = { from: new Date('2021-01-01T00:00:00Z'), to: new Date('2022-01-01T00:00:00Z') };
  const inputs = (changes: Partial<Given> = {}) =>
    given([], {
      range: year,
      now: new Date('2026-01-01T00:00:00Z'),
      limits: { rows: 10_000, keys: 10_000 },
      ...changes,
    });

  it.each([
    'globalAdministrator',
    'exchangeAdministrator',
    'sharePointAdministrator',
    'userAdministrator',
    'intuneAdministrator',
  ])('is what a plain loop finds (%s)', (key) => {
    const stored = realRecords();
    const asked = inputs({ options: { roles: [key] } });
    const plain = plainly(asked, stored, roleNamed(key));
    expectPlain(drive(asked, stored).sections, plain);
    expect(plain.counted.length > 0).toBe(key !== 'intuneAdministrator');
  });

  it('is what a plain loop finds with snapshots of any of the people on any days', () => {
    const stored = realRecords();
    const actors = [...new Set(stored.map(({ record }) => (record.summary.userId ?? '').toLowerCase()))];
    const ids = new Map(
      stored.map(textOf).flatMap(({ Target }) => {
        const id = Target.map(({ ID }) => /^User_(.*)$/.exec(ID)?.[1]).find((one) => one !== undefined);
        return Target.flatMap(({ ID, Type }) =>
          Type === 5 && id !== undefined ? [[ID.toLowerCase(), id] as const] : [],
        );
      }),
    );
    const known = actors.filter((name) => ids.has(name));
    const others = actors.filter((name) => name.includes('@') && !ids.has(name)).slice(0, 8);
    const someHolders = [...known, ...others].map((name, at): RoleHolder => ({
      id: ids.get(name) ?? `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`,
      ...{ type: 'user', assignment: 'active', userPrincipalName: name },
    }));
    const days = fc.integer({ min: 60, max: 330 });
    const snapshots = fc.uniqueArray(fc.tuple(days, fc.subarray(someHolders)), {
      selector: ([day]) => day,
      maxLength: 12,
    });
    const bounds = fc.uniqueArray(days, { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(snapshots, bounds, (taken, ends) => {
        const at = (day: number, hour = 0) => new Date(Date.UTC(2021, 0, day, hour));
        const [from = 0, to = 0] = ends.toSorted((a, b) => a - b);
        const roleHolders = taken
          .toSorted(([a], [b]) => a - b)
          .map(([day, holders]) => ({ takenAt: at(day, 4), holders }));
        const asked = inputs({ roleHolders, range: { from: at(from), to: at(to) } });
        expectPlain(drive(asked, stored).sections, plainly(asked, stored));
      }),
      { numRuns: 10 },
    );
  });
});
