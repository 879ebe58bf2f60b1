/** The report compared with a plain loop over random records, and over real ones where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../../../shared/json.ts';
import { namesOf } from '../../../../shared/records/member-kinds.ts';
import { spellingsOf } from '../../../../shared/records/person-names.ts';
import type { Section } from '../../../../shared/reports/document.ts';
import { certaintyAt } from '../../../../shared/reports/kinds/privileged-activity/certainty.ts';
import { holdingsOf } from '../../../../shared/reports/kinds/privileged-activity/holdings.ts';
import { roleChangeIn } from '../../../../shared/reports/kinds/privileged-activity/role-change.ts';
import { snapshotsByRole } from '../../../../shared/reports/kinds/privileged-activity/role-snapshot.ts';
import { describe as describeRecord } from '../../../../shared/sentences/describe.ts';
import { privilegedRoles } from '../../../../shared/tenants/privileged-roles.ts';
import type { RoleHolder } from '../../../../shared/tenants/role-holders.ts';
import { shuffled } from '../driven-kind.ts';
import { drive, rowsOf, storedRecord, type Given, type StoredRecord } from './driven-report.ts';
import { given, recordOf, roleRecord } from './told-tenant.ts';

const names = ['anna', 'ben', 'carl', 'dora'] as const;
const people = names.map((name, index): RoleHolder => ({
  id: `a${index}111111-0000-4000-8000-000000000001`,
  ...{ type: 'user', assignment: 'active', userPrincipalName: `${name}@fabrikam.example` },
}));
const personAt = (index: number): RoleHolder =>
  people[index] ?? { id: 'x', type: 'user', assignment: 'active' };

const globalAdministrators = privilegedRoles.filter(({ key }) => key === 'globalAdministrator');

/** What the sections must say: everything is counted with a loop, in any order. */
function plainly({ roleHolders, range }: Given, stored: readonly StoredRecord[]) {
  const changes = stored.flatMap(({ record, text }) => {
    const { id, createdDateTime, summary } = record;
    const fields = parseJson(text.toString('utf8'));
    const read = { id, createdDateTime, operation: summary.operation };
    return isObject(fields) ? (roleChangeIn(read, fields, globalAdministrators) ?? []) : [];
  });
  const holdings = holdingsOf({ snapshots: snapshotsByRole(roleHolders), changes });
  return stored.flatMap(({ record, text }) => {
    const { createdDateTime: at, summary } = record;
    const same = new Set(namesOf(summary, 'userId').map((name) => name.trim().toLowerCase()));
    const found = holdings.flatMap((holding) => {
      const isOf = holding.principal.names.flatMap(spellingsOf).some((name) => same.has(name.toLowerCase()));
      const certainty = certaintyAt(holding, at);
      return isOf && certainty !== undefined ? [{ address: holding.principal.address, certainty }] : [];
    });
    const [first] = found;
    if (first === undefined || at < range.from || at >= range.to) return [];
    const isCertain = found.some(({ certainty }) => certainty === 'certainly');
    const { severity } = describeRecord(summary, parseJson(text.toString('utf8')));
    const { address } = found.find(({ certainty }) => certainty === 'certainly') ?? first;
    return [{ id: record.id, at, address, operation: summary.operation ?? '', severity, isCertain }];
  });
}

type Counted = ReturnType<typeof plainly>;

function expectPlain(sections: readonly Section[], counted: Counted): void {
  const counts = rowsOf(sections, 'counts');
  const sums = new Map<string, number>();
  for (const { person, operation, records } of counts) {
    const key = `${String(person)} ${String(operation)}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(records));
  }
  const expected = new Map<string, number>();
  for (const { address, operation } of counted)
    expected.set(`${address} ${operation}`, (expected.get(`${address} ${operation}`) ?? 0) + 1);
  expect([...sums].toSorted()).toEqual([...expected].toSorted());
  const isRare = ({ operation, address }: Counted[number]) => {
    const same = counted.filter((one) => one.operation === operation);
    return same.length <= 2 && same.every((one) => one.address === address);
  };
  const listed = counted.filter((one) => one.severity === 'high' || isRare(one));
  const rows = rowsOf(sections, 'acts').map(
    ({ recordId, heldRole }) => `${String(recordId)} ${String(heldRole)}`,
  );
  expect(rows.toSorted()).toEqual(
    listed.map(({ id, isCertain }) => `${id} ${isCertain ? 'yes' : 'possibly'}`).toSorted(),
  );
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
        const { roleHolders, range } = inputs;
        // The report reads no changes before the snapshot before the range, and none after the one after it.
        const from = roleHolders.findLast(({ takenAt }) => takenAt <= range.from)?.takenAt ?? new Date(0);
        const to = roleHolders.find(({ takenAt }) => takenAt >= range.to)?.takenAt ?? inputs.now;
        const isKept = ({ takenAt }: Given['roleHolders'][number]) => takenAt >= from && takenAt <= to;
        const kept = { ...inputs, roleHolders: roleHolders.filter(isKept) };
        const read = records.filter(
          ({ record }) => record.createdDateTime >= from && record.createdDateTime < to,
        );
        expectPlain(drive(kept, records).sections, plainly(kept, read));
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

const recordsFile = fileURLToPath(new URL('../../../../../shared/data/records-dev.ndjson', import.meta.url));
const isPresent = existsSync(recordsFile);
if (!isPresent)
  console.warn(`SKIPPED: ${recordsFile} does not exist, so nothing is tested with real records.`);

describe.skipIf(!isPresent)('the activity of holders in real records', () => {
  const lines = isPresent ? readFileSync(recordsFile, 'latin1').split('\n') : [];
  const stored = [
    ...new Map(
      lines
        .filter((line) => line !== '')
        .map((line) => {
          const one = storedRecord(Buffer.from(line, 'latin1'));
          return [one.record.id, one] as const;
        }),
    ).values(),
  ];

  it('is what a plain loop finds', () => {
    const range = { from: new Date('2021-01-01T00:00:00Z'), to: new Date('2022-01-01T00:00:00Z') };
    const inputs = given([], {
      range,
      now: new Date('2026-01-01T00:00:00Z'),
      limits: { rows: 10_000, keys: 10_000 },
    });
    const counted = plainly(inputs, stored);
    expectPlain(drive(inputs, stored).sections, counted);
    expect(counted.length).toBeGreaterThan(0);
  });
});
