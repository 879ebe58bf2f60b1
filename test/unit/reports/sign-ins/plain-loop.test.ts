/** The report compared with plain loops over random records, and over real ones where they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsOf, shuffled, shuffledSeconds, type StoredRecord } from '../driven-kind.ts';
import { hasRealRecords, realRecords } from '../real-records.ts';
import { expectPlain } from './naive.ts';
import { failed, failuresOfMany, given, report, signedIn } from './sign-in-tenant.ts';

const person = fc.constantFrom('anna', 'ben', 'carl', 'dora', 'emil', 'Anna', 'finn');
const addresses = ['192.0.2.1', '192.0.2.9', '198.51.100.1', '203.0.113.7', '2001:db8:7:1::1', '-'];
const error = fc.constantFrom(
  '50126',
  '50126',
  '50126',
  '50053',
  '53003',
  '500121',
  '50074',
  '50011',
  '4711',
);
/** Mostly on few days, so that much comes together. */
const moment = fc.record({
  day: fc.constantFrom('02-05', '02-28', '03-04', '03-05', '03-05', '03-06'),
  hour: fc.constantFrom('00', '10', '10', '23'),
  minute: fc.nat({ max: 3 }),
});
const some = fc
  .record({
    moment,
    person,
    address: fc.constantFrom(...addresses),
    error: fc.option(error, { nil: undefined }),
    times: fc.constantFrom(1, 1, 1, 4, 5, 6, 11),
  })
  .map(({ moment: { day, hour, minute }, person: who, address, error: number, times }) =>
    Array.from({ length: times }, (_, at) => {
      const time = `${day}T${hour}:0${minute}:${String(at).padStart(2, '0')}`;
      return number === undefined
        ? signedIn(time, who, address)
        : failed(time, who, address, { ErrorNumber: number, LogonError: '' });
    }),
  );
/** Failures of several people from one address, and what one of them does there afterwards. */
const spray = fc
  .record({
    address: fc.constantFrom(...addresses),
    people: fc.integer({ min: 4, max: 7 }),
    day: fc.constantFrom('03-05', '03-06'),
    after: fc.constantFrom('03-05T09:00:00', '03-05T11:00:00', '03-06T09:59:00', '03-06T10:30:00'),
    before: fc.constantFrom([], ['person0'], ['person0', 'person1', 'person2']),
  })
  .map(({ address, people, day, after, before }) => [
    ...before.map((who) => signedIn('02-20T10:00:00', who, address)),
    ...failuresOfMany(`${day}T10`, people, address),
    signedIn(after, 'person0', address),
  ]);
const records = fc
  .array(fc.oneof({ weight: 12, arbitrary: some }, { weight: 1, arbitrary: spray }), { maxLength: 30 })
  .map((bursts) => bursts.flat());
const begins = fc.constantFrom('2026-03-01T00:00:00Z', '2026-03-05T10:01:00Z', '2026-03-05T00:00:00Z');
const inputs = fc.record({ from: begins, isWhole: fc.boolean() }).map(({ from, isWhole }) => {
  const range = { from: new Date(from), to: new Date('2026-03-06T12:00:00Z') };
  const pastGaps = isWhole ? [] : [{ reason: 'Lost.' }];
  return { given: { range, pastGaps }, from: range.from.getTime(), to: range.to.getTime(), isWhole };
});

describe('sign-ins of random records', () => {
  it('are what plain loops find', () => {
    fc.assert(
      fc.property(records, inputs, (stored, { given: changes, ...compared }) => {
        expectPlain(report(stored, changes).sections, stored, compared);
      }),
      { numRuns: 150 },
    );
  });

  it('do not depend on the order of records of one second, or of one day', () => {
    const dayIn = ({ record }: StoredRecord) => record.createdDateTime.toISOString().slice(0, 10);
    fc.assert(
      fc.property(records, inputs, fc.nat(), (stored, { given: changes }, salt) => {
        const { sections } = report(stored, changes);
        expect(report(stored, changes, { order: shuffledSeconds(salt) }).sections).toEqual(sections);
        const order = (a: StoredRecord, b: StoredRecord) =>
          dayIn(b).localeCompare(dayIn(a)) || shuffled(salt)(a, b);
        expect(report(stored, changes, { order }).sections).toEqual(sections);
      }),
      { numRuns: 100 },
    );
  });

  it('are the same when the collector is replaced at any record, also beyond its limits', () => {
    const resumed = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 5 });
    const limits = fc.record({
      rows: fc.integer({ min: 1, max: 20 }),
      keys: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(records, inputs, resumed, limits, (stored, { given: changes }, resumedAfter, limited) => {
        const small = { ...changes, limits: limited };
        expect(report(stored, small, { resumedAfter })).toEqual(report(stored, small));
      }),
      { numRuns: 100 },
    );
  });
});

describe.skipIf(!hasRealRecords)('sign-ins of real records', () => {
  it.each([
    ['2015-01-01', '2021-08-01'],
    ['2021-04-10', '2021-08-01'],
    ['2021-07-05', '2021-07-20'],
  ])('are what plain loops find (%s to %s)', (from, to) => {
    const range = { from: new Date(from), to: new Date(to) };
    const stored = realRecords();
    const { sections } = report(stored, { ...given(), range });
    const compared = { from: range.from.getTime(), to: range.to.getTime(), isWhole: true };
    expect(expectPlain(sections, stored, compared).failures).toBeGreaterThan(0);
  });

  it('have attacks among them', () => {
    const range = { from: new Date('2015-01-01'), to: new Date('2021-08-01') };
    expect(rowsOf(report(realRecords(), { range }).sections, 'findings').length).toBeGreaterThan(0);
  });
});
