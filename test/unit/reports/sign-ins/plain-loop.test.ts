/** The report compared with plain loops over random records, and over real ones where they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson, type JsonObject } from '../../../../shared/json.ts';
import type { Section } from '../../../../shared/reports/document.ts';
import { rowsOf, shuffled, shuffledSeconds, type StoredRecord } from '../driven-kind.ts';
import { hasRealRecords, realRecords } from '../real-records.ts';
import { failed, failuresOfMany, given, report, signedIn } from './sign-in-tenant.ts';

const hourMs = 60 * 60_000;
const interrupts = ['50058', '50072', '50074', '50076', '50079', '50089', '50097', '50125', '50132', '50133'];
const moreInterrupts = ['50140', '50158', '50173', '50199', '65001', '70008', '70043', '70044', '500133'];
const ofApplications = ['16000', '50011', '50020', '50105', '50129', '51004', '65004', '81010', '90072'];
const isInterrupt = (number: string) => [...interrupts, ...moreInterrupts, '700082'].includes(number);
const isAttempt = (number: string) =>
  !isInterrupt(number) && ![...ofApplications, '90094', '90095', '700016', '7000218'].includes(number);

/** A record as plain loops know it. */
interface Plain {
  readonly at: number;
  readonly person: string;
  readonly address: string;
  readonly hasFailed: boolean;
  readonly error: string;
}

const names: Readonly<Record<string, string>> = { UserStrongAuthClientAuthNRequiredInterrupt: '50074' };

function plainOf({ record, text }: StoredRecord): readonly Plain[] {
  const fields = parseJson(text.toString('utf8'));
  if (!isObject(fields) || !/^UserLog(gedIn|inFailed)$/.test(textIn(fields, 'Operation'))) return [];
  const key = textIn(fields, 'UserKey').toLowerCase();
  const person = /^[0-9a-f-]{36}$/.test(key) ? key : textIn(fields, 'UserId').toLowerCase();
  const { clientIp = '' } = record.summary;
  const one = {
    at: record.createdDateTime.getTime(),
    person,
    address: clientIp === '0.0.0.0' ? '' : clientIp,
    hasFailed: textIn(fields, 'Operation') === 'UserLoginFailed',
    error: textIn(fields, 'ErrorNumber') || (names[textIn(fields, 'LogonError')] ?? ''),
  };
  return person === 'unknown' ? [] : [one];
}

function textIn(fields: JsonObject, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

const networkOf = (address: string) =>
  address.replace(/\.\d+$/, '.0/24').replace(/^([^:]+:[^:]+:[^:]+):.*$/, '$1::/48');
const distinct = <T>(values: readonly T[]) => [...new Set(values)];
const most = (counts: readonly number[]) => Math.max(0, ...counts);

/** For each of the keys, what the records with it are. */
function by(records: readonly Plain[], keyOf: (one: Plain) => string): readonly (readonly Plain[])[] {
  return distinct(records.map(keyOf)).map((key) => records.filter((one) => keyOf(one) === key));
}

interface Compared {
  readonly from: number;
  readonly to: number;
  readonly isWhole: boolean;
}

/** Rows `severity address-or-person failures signedIn`, sorted. */
function plainFindings(all: readonly Plain[], { from, to, isWhole }: Compared): readonly string[] {
  const inRange = all.filter(({ at }) => at >= from && at < to);
  const attempts = inRange.filter(({ hasFailed, error }) => hasFailed && isAttempt(error));
  const past = all.filter(({ at, hasFailed }) => !hasFailed && at < from && at >= pastOf(from));
  const isUsual = (person: string, address: string) =>
    past.some((one) => one.person === person && networkOf(one.address) === networkOf(address));
  const followersOf = (episodes: readonly (readonly Plain[])[], isOne: (one: Plain) => boolean) => {
    const isAfter = (at: number, episode: readonly Plain[]) => {
      const times = episode.map((one) => one.at);
      return at >= Math.min(...times) && at < Math.max(...times) + 24 * hourMs;
    };
    const after = inRange.filter(
      ({ at, hasFailed }) => !hasFailed && episodes.some((episode) => isAfter(at, episode)),
    );
    const strangers = after.filter((one) => isOne(one) && !isUsual(one.person, one.address));
    return distinct(strangers.map(({ person }) => person)).length;
  };
  const grave = (signedIn: number, isProbablyNone: boolean) =>
    signedIn > 0 ? (isWhole ? 'critical' : 'warning') : isProbablyNone ? 'notice' : 'warning';
  const sprays = by(
    attempts.filter(({ address }) => address !== ''),
    ({ address }) => address,
  ).flatMap((own) => {
    const days = by(own, ({ at }) => new Date(at).toISOString().slice(0, 10));
    const episodes = days.filter((day) => distinct(day.map(({ person }) => person)).length >= 5);
    const found = episodes.flat();
    const [{ address } = { address: '' }] = found;
    if (address === '') return [];
    const signedIn = followersOf(episodes, (one) => one.address === address);
    const strangers = distinct(found.map(({ person }) => person)).filter((one) => !isUsual(one, address));
    return [[grave(signedIn, strangers.length < 5), address, found.length, signedIn].join(' ')];
  });
  const inHours = (wanted: readonly Plain[], least: number, isRefusal: boolean) =>
    by(wanted, ({ person }) => person).flatMap((own) => {
      const hours = by(own, ({ at }) => String(Math.floor(at / hourMs)));
      const episodes = hours.filter((hour) => hour.length >= least);
      const found = episodes.flat();
      const [{ person } = { person: '' }] = found;
      if (person === '') return [];
      const addresses = distinct(found.map(({ address }) => address));
      const signedIn = followersOf(
        isRefusal ? episodes.map((episode) => spanned(attempts, episode)) : episodes,
        (one) => one.person === person && one.address !== '' && addresses.includes(one.address),
      );
      const isKnown = !isRefusal && addresses.every((address) => address !== '' && isUsual(person, address));
      return [[grave(signedIn, isKnown), person, found.length, signedIn].join(' ')];
    });
  const refusals = attempts.filter(({ error }) => error === '500121');
  return [...sprays, ...inHours(attempts, 10, false), ...inHours(refusals, 5, true)].toSorted();
}

/** All attempts of the same person in the same hours from the same addresses. */
function spanned(attempts: readonly Plain[], found: readonly Plain[]): readonly Plain[] {
  const keyOf = ({ person, address, at }: Plain) => `${person} ${address} ${Math.floor(at / hourMs)}`;
  const keys = new Set(found.map(keyOf));
  return attempts.filter((one) => keys.has(keyOf(one)));
}

function pastOf(from: number): number {
  return Date.parse(new Date(from).toISOString().slice(0, 10)) - 28 * 24 * hourMs;
}

/** Rows `person network new signIns`, sorted. */
function plainNetworks(all: readonly Plain[], { from, to, isWhole }: Compared): readonly string[] {
  const signedIn = all.filter(({ hasFailed }) => !hasFailed);
  const past = signedIn.filter(({ at }) => at < from && at >= pastOf(from));
  const inRange = signedIn.filter(({ at, address }) => at >= from && at < to && address !== '');
  return by(inRange, ({ person, address }) => `${person} ${networkOf(address)}`)
    .map((own) => {
      const [{ person, address } = { person: '', address: '' }] = own;
      const before = past.filter((one) => one.person === person);
      const isKnown = before.some((one) => networkOf(one.address) === networkOf(address));
      const unknown = isWhole ? (before.length === 0 ? 'no sign-in before' : 'yes') : 'unknown';
      return [person, networkOf(address), isKnown ? 'no' : unknown, own.length].join(' ');
    })
    .toSorted();
}

function expectPlain(sections: readonly Section[], stored: readonly StoredRecord[], compared: Compared) {
  const all = stored.flatMap(plainOf);
  const ids = new Map(
    stored.flatMap((one) => plainOf(one).map(({ person }) => [one.record.summary.userId ?? '', person])),
  );
  const idOf = (name: unknown) => ids.get(String(name)) ?? String(name);
  const networks = rowsOf(sections, 'networks').map((row) =>
    [idOf(row['person']), row['network'], row['isNew'], row['signIns']].join(' '),
  );
  expect(networks.toSorted()).toEqual(plainNetworks(all, compared));
  const findings = rowsOf(sections, 'findings').map((row) => {
    const isSpray = row['kind'] === 'many people from one address';
    const subject = isSpray ? row['clientIp'] : idOf(row['person']);
    return [row['severity'], subject, row['failures'], row['signedIn']].join(' ');
  });
  expect(findings.toSorted()).toEqual(plainFindings(all, compared));
  const inRange = all.filter(({ at }) => at >= compared.from && at < compared.to);
  const failures = inRange.filter(({ hasFailed, error }) => hasFailed && !isInterrupt(error));
  const perPerson = (rows: readonly (readonly [string, number])[]) =>
    distinct(rows.map(([person]) => person))
      .map((person) => [person, rows.reduce((sum, [one, count]) => sum + (one === person ? count : 0), 0)])
      .toSorted();
  const counted = rowsOf(sections, 'failures').map((row): [string, number] => [
    idOf(row['person']),
    Number(row['failures']),
  ]);
  expect(perPerson(counted)).toEqual(perPerson(failures.map(({ person }) => [person, 1])));
  const bars = sections.flatMap(({ charts }) => charts).flatMap(({ series }) => series);
  const sum = bars.flatMap(({ values }) => values).reduce((total, value) => total + value, 0);
  expect(sum).toBe(inRange.length + failures.length);
  return { findings: findings.length, most: most(counted.map(([, count]) => count)) };
}

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
    expect(expectPlain(sections, stored, compared).most).toBeGreaterThan(0);
  });

  it('have attacks among them', () => {
    const range = { from: new Date('2015-01-01'), to: new Date('2021-08-01') };
    expect(rowsOf(report(realRecords(), { range }).sections, 'findings').length).toBeGreaterThan(0);
  });
});
