import { describe, expect, it } from 'vitest';
import type { Section } from '../../../../shared/reports/document.ts';
import { rowsOf } from '../driven-kind.ts';
import {
  collected,
  failed,
  failuresOfMany,
  manyFailures,
  report,
  signedIn,
  stopped,
} from './sign-in-tenant.ts';

const textsOf = (sections: readonly Section[], name: string) =>
  sections.find((section) => section.name === name)?.paragraphs.join('\n') ?? '';
const findingsIn = (...reported: Parameters<typeof report>) =>
  rowsOf(report(...reported).sections, 'findings');
const networksIn = (...reported: Parameters<typeof report>) =>
  rowsOf(report(...reported).sections, 'networks').map(({ person, network, isNew }) => [
    person,
    network,
    isNew,
  ]);
const person = (name: string) => `${name}@fabrikam.example`;
const stranger = '203.0.113.7';

describe('failed sign-ins', () => {
  it('are counted by person and reason, in words, those with the most first', () => {
    const last = failed('03-06T10:00:00', 'anna', '198.51.100.1');
    const { sections } = report([
      failed('03-05T10:00:00', 'anna'),
      last,
      stopped('03-05T11:00:00', 'anna', '53003'),
      stopped('03-05T11:00:00', 'ben', '53003'),
    ]);
    const rows = rowsOf(sections, 'failures');
    expect(rows.map((row) => [row['person'], row['reason'], row['failures']])).toEqual([
      [person('anna'), 'the user name or password is wrong', 2],
      [person('anna'), 'conditional access blocked it', 1],
      [person('ben'), 'conditional access blocked it', 1],
    ]);
    expect(rows[0]).toMatchObject({
      first: '2026-03-05T10:00:00.000Z',
      last: '2026-03-06T10:00:00.000Z',
      clientIp: '198.51.100.1',
      recordId: last.record.id,
    });
  });

  it('are decided by the operation, whatever the result and the number of a sign-in say', () => {
    const { sections } = report([
      signedIn('03-05T10:00:00', 'anna', '192.0.2.1', { ErrorNumber: '50140', ResultStatus: 'Failed' }),
      failed('03-05T11:00:00', 'anna', stranger, { ResultStatus: 'Success' }),
    ]);
    expect(textsOf(sections, 'findings')).toMatch(/^1 sign-in and 1 failure of 1 person\./);
  });

  it('are not those that a further step interrupted, by number or by name', () => {
    const interrupts = ['50058', '50072', '50074', '50076', '50079', '50140', '65001', '50199', '700082'];
    const { sections } = report([
      ...interrupts.map((number) => stopped('03-05T10:00:00', 'anna', number)),
      failed('03-05T10:00:00', 'anna', stranger, {
        ErrorNumber: undefined,
        LogonError: 'UserStrongAuthClientAuthNRequiredInterrupt',
      }),
    ]);
    expect(rowsOf(sections, 'failures')).toEqual([]);
    expect(textsOf(sections, 'failures')).toContain(`${interrupts.length + 1} records.`);
  });

  it('have the name or number of Microsoft where no words are known, and say when a record gives no reason', () => {
    const reasons = [
      { ErrorNumber: '4711', LogonError: 'SomethingNew' },
      { ErrorNumber: '4712', LogonError: '' },
      { ErrorNumber: undefined, LogonError: undefined },
      { ErrorNumber: undefined, LogonError: 'IdsLocked' },
      { ErrorNumber: undefined, ErrorCode: 50057, LogonError: undefined },
    ];
    const { sections } = report(reasons.map((fields) => failed('03-05T10:00:00', 'anna', stranger, fields)));
    expect(rowsOf(sections, 'failures').map(({ reason }) => reason)).toEqual([
      'SomethingNew',
      'error 4712',
      'the account is disabled',
      'the account is locked after too many attempts, or the address is known for attacks',
      'the record gives no reason',
    ]);
  });

  it('are of one person under all names that come with one ID', () => {
    const UserKey = 'A1111111-0000-4000-8000-000000000001';
    const { sections } = report([
      failed('03-05T10:00:00', 'anna', stranger, { UserKey }),
      failed('03-06T10:00:00', 'anna.new', stranger, { UserKey: UserKey.toLowerCase() }),
      failed('03-07T10:00:00', '', stranger, { UserId: 'Not Available', UserKey }),
      failed('03-04T10:00:00', '', stranger, { UserId: 'Unknown', UserKey: 'Not Available' }),
    ]);
    expect(rowsOf(sections, 'failures').map((row) => [row['person'], row['failures']])).toEqual([
      [person('anna.new'), 3],
    ]);
    expect(textsOf(sections, 'findings')).toContain(
      'do not say whose sign-in it was, and are not counted: 1.',
    );
  });
});

describe('new networks', () => {
  it('are those that a person used first in the range, though the person signed in before', () => {
    const first = signedIn('03-05T10:00:00', 'anna', '198.51.100.1');
    const stored = [
      signedIn('02-20T10:00:00', 'anna', '192.0.2.200'),
      signedIn('03-05T09:00:00', 'anna', '192.0.2.1'),
      first,
      signedIn('03-06T10:00:00', 'anna', '198.51.100.99'),
      signedIn('03-06T10:00:00', 'ben', '198.51.100.1'),
    ];
    expect(networksIn(stored)).toEqual([
      [person('anna'), '198.51.100.0/24', 'yes'],
      [person('ben'), '198.51.100.0/24', 'no sign-in before'],
      [person('anna'), '192.0.2.0/24', 'no'],
    ]);
    expect(rowsOf(report(stored).sections, 'networks')[0]).toMatchObject({
      signIns: 2,
      clientIp: '198.51.100.1',
      recordId: first.record.id,
    });
    expect(textsOf(report(stored).sections, 'networks')).toContain(
      'Networks that are new for a person: 1. Those of people who did not sign in before: 1.',
    );
  });

  it('are a /48 of IPv6, also in other spellings, and an IPv4 address in IPv6 is one of IPv4', () => {
    const stored = [
      signedIn('02-20T10:00:00', 'anna', '2001:DB8:7:1::1'),
      signedIn('03-05T10:00:00', 'anna', '[2001:db8:7:ffff::2]:443'),
      signedIn('03-05T11:00:00', 'anna', '2001:db8:8::1'),
      signedIn('03-05T12:00:00', 'anna', '::ffff:198.51.100.7'),
    ];
    expect(networksIn(stored).map(([, ...row]) => row)).toEqual([
      ['198.51.100.0/24', 'yes'],
      ['2001:db8:8::/48', 'yes'],
      ['2001:db8:7::/48', 'no'],
    ]);
  });

  it('are compared with the 28 whole days before, and with the rest of the day on which the range begins', () => {
    const range = { from: new Date('2026-03-10T12:00:00Z'), to: new Date('2026-03-11T00:00:00Z') };
    const at = (time: string, address: string) => signedIn(time, 'anna', address);
    const stored = [
      at('02-09T23:59:59', '192.0.1.1'),
      at('02-10T00:00:00', '192.0.2.1'),
      at('03-10T11:59:59', '192.0.3.1'),
      ...['192.0.1.1', '192.0.2.1', '192.0.3.1'].map((address) => at('03-10T12:00:00', address)),
    ];
    expect(networksIn(stored, { range }).map(([, network, isNew]) => [network, isNew])).toEqual([
      ['192.0.1.0/24', 'yes'],
      ['192.0.2.0/24', 'no'],
      ['192.0.3.0/24', 'no'],
    ]);
  });

  it('are unknown when records of those days may be missing, except those that were seen', () => {
    const stored = [
      signedIn('02-20T10:00:00', 'anna'),
      signedIn('03-05T10:00:00', 'anna'),
      signedIn('03-05T10:00:00', 'anna', '198.51.100.1'),
      signedIn('03-05T10:00:00', 'ben', '198.51.100.1'),
    ];
    const pastGaps = [{ contentType: 'Audit.AzureActiveDirectory', reason: 'Collection had not begun.' }];
    expect(networksIn(stored, { pastGaps }).map(([, , isNew]) => isNew)).toEqual([
      'unknown',
      'unknown',
      'no',
    ]);
    expect(textsOf(report(stored, { pastGaps }).sections, 'networks')).toMatch(
      /Which networks are new is unknown.*Collection had not begun\./,
    );
    const pending = { ...collected, contentTypes: [{ contentType: 'Audit.AzureActiveDirectory' }] };
    expect(networksIn(stored, { collection: pending })[0]?.[2]).toBe('unknown');
  });

  it('do not depend on what is missing of other content types', () => {
    const pastGaps = [{ contentType: 'Audit.SharePoint', reason: 'Collection had not begun.' }];
    expect(networksIn([signedIn('03-05T10:00:00', 'anna')], { pastGaps })[0]?.[2]).toBe('no sign-in before');
  });

  it('leave out sign-ins without an address, and say how many', () => {
    const { sections } = report(
      [undefined, '-', '0.0.0.0', 'Unknown'].map((ClientIP) =>
        signedIn('03-05T10:00:00', 'anna', '', { ClientIP }),
      ),
    );
    expect(rowsOf(sections, 'networks')).toEqual([]);
    expect(textsOf(sections, 'networks')).toContain('Sign-ins without an IP address: 4.');
  });

  it('read texts of nothing that was before the range, and nothing at all if no network is to compare', () => {
    const { scans } = report([signedIn('03-05T10:00:00', 'anna')]);
    expect(scans.map(({ withTexts, filters }) => [withTexts, filters.operations])).toEqual([
      [true, ['UserLoggedIn', 'UserLoginFailed']],
      [false, ['UserLoggedIn']],
    ]);
    expect(report([failed('03-05T10:00:00', 'anna')]).scans).toHaveLength(1);
  });
});

describe('many people who fail from one address', () => {
  it('are found from five on, of one day in UTC', () => {
    expect(findingsIn(failuresOfMany('03-05T10', 4))).toEqual([]);
    const apart = [...failuresOfMany('03-05T23', 4), failed('03-06T00:00:00', 'zoe')];
    expect(findingsIn(apart)).toEqual([]);
    const [row] = findingsIn(failuresOfMany('03-05T10', 5));
    expect(row).toMatchObject({
      severity: 'warning',
      person: null,
      clientIp: stranger,
      ...{ failures: 5, people: 5, signedIn: 0 },
      first: '2026-03-05T10:00:00.000Z',
      last: '2026-03-05T10:04:00.000Z',
      finding: `5 people failed to sign in from ${stranger} on 2026-03-05.`,
    });
  });

  it('are critical, and first, when someone signs in from there who was not known there', () => {
    const got = signedIn('03-06T10:00:00', 'zoe', stranger);
    const rows = findingsIn([
      signedIn('02-20T10:00:00', 'zoe'),
      ...failuresOfMany('03-05T10', 5),
      ...failuresOfMany('03-05T10', 9, '198.51.100.1'),
      got,
      signedIn('03-06T10:03:00', 'zoe', stranger),
      signedIn('03-05T09:59:59', 'person1', stranger),
      signedIn('03-06T10:04:00', 'person1', stranger),
    ]);
    expect(rows.map(({ severity, signedIn: count }) => [severity, count])).toEqual([
      ['critical', 1],
      ['warning', 0],
    ]);
    expect(rows[0]).toMatchObject({ recordId: got.record.id, person: person('zoe'), people: 5 });
    expect(rows[0]?.['finding']).toContain('Afterwards, these signed in from there: zoe@fabrikam.example.');
  });

  it('are probably an office where people were known there before', () => {
    const known = [0, 1].map((at) => signedIn('02-20T10:00:00', `person${at}`, '203.0.113.200'));
    const [row] = findingsIn([
      ...known,
      ...failuresOfMany('03-05T10', 5),
      signedIn('03-05T11:00:00', 'person0', stranger),
    ]);
    expect(row).toMatchObject({ severity: 'notice', signedIn: 0 });
    expect(row?.['finding']).toContain('2 of them had signed in from its network before this range');
    expect(row?.['finding']).toContain('1 person who had used this network before signed in afterwards.');
    expect(findingsIn([...known, ...failuresOfMany('03-05T10', 7)])[0]?.['severity']).toBe('warning');
  });

  it('name those whose password or session was right, also at the first attempt', () => {
    const [row] = findingsIn([
      ...failuresOfMany('03-05T10', 5),
      stopped('03-05T11:00:00', 'person3', '53003'),
      stopped('03-05T12:00:00', 'zoe', '50074'),
    ]);
    expect(row).toMatchObject({ severity: 'warning', failures: 6, people: 6 });
    expect(row?.['finding']).toContain(
      'something after it stopped the sign-in: person3@fabrikam.example, zoe@fabrikam.example.',
    );
  });

  it('are one row for an address, also on several days', () => {
    const rows = findingsIn([...failuresOfMany('03-05T10', 5), ...failuresOfMany('03-09T10', 6)]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ failures: 11, people: 6 });
    expect(rows[0]?.['finding']).toBe(
      `6 people failed to sign in from ${stranger} on 2026-03-09. It was similar in 1 further day, with 11 failures in all.`,
    );
  });

  it('are not those whom a setting of an application keeps out, nor those without an address', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(findingsIn(names.map((name) => stopped('03-05T10:00:00', name, '50011')))).toEqual([]);
    expect(findingsIn(names.map((name) => failed('03-05T10:00:00', name, '-')))).toEqual([]);
  });
});

describe('many failures of one person', () => {
  it('are found from ten on, within one hour in UTC, from any addresses', () => {
    expect(findingsIn(manyFailures('03-05T10', { who: 'anna', count: 9 }))).toEqual([]);
    const [row] = findingsIn([
      ...manyFailures('03-05T10', { who: 'anna', count: 5 }),
      ...manyFailures('03-05T10', { who: 'anna', count: 5, address: '198.51.100.1' }),
    ]);
    expect(row).toMatchObject({
      ...{ severity: 'warning', person: person('anna'), clientIp: null, failures: 10, people: 1 },
      finding:
        'anna@fabrikam.example failed to sign in 10 times within the hour from 2026-03-05 10:00. It came from 2 addresses.',
    });
  });

  it('are critical when the person signs in from one of these addresses within a day', () => {
    const failures = manyFailures('03-05T10', { who: 'anna', count: 10 });
    const severity = (...after: Parameters<typeof signedIn>) =>
      findingsIn([...failures, signedIn(...after)])[0]?.['severity'];
    expect(severity('03-06T10:08:59', 'anna', stranger)).toBe('critical');
    expect(severity('03-06T10:09:00', 'anna', stranger)).toBe('warning');
    expect(severity('03-05T09:00:00', 'anna', stranger)).toBe('warning');
    expect(severity('03-05T11:00:00', 'anna', '198.51.100.1')).toBe('warning');
    expect(severity('03-05T11:00:00', 'ben', stranger)).toBe('warning');
  });

  it('are a notice from networks that the person used before, also if a sign-in followed', () => {
    const rows = findingsIn([
      signedIn('02-20T10:00:00', 'anna', '203.0.113.99'),
      ...manyFailures('03-05T10', { who: 'anna', count: 10 }),
      signedIn('03-05T11:00:00', 'anna', stranger),
    ]);
    expect(rows.map(({ severity }) => severity)).toEqual(['notice']);
  });

  it('are a warning of their own when multifactor authentication is not passed again and again', () => {
    const rows = findingsIn([
      ...manyFailures('03-05T10', {
        who: 'anna',
        count: 5,
        address: '192.0.2.1',
        fields: { ErrorNumber: '500121' },
      }),
      ...manyFailures('03-05T10', {
        who: 'ben',
        count: 4,
        address: '192.0.2.1',
        fields: { ErrorNumber: '500121' },
      }),
    ]);
    expect(rows.map((row) => [row['severity'], row['person'], row['failures']])).toEqual([
      ['warning', person('anna'), 5],
    ]);
    expect(rows[0]?.['finding']).toMatch(/someone may know the password/);
  });
});

describe('ways to sign in', () => {
  it('are old protocols, and applications that were confirmed', () => {
    const way = (userAgent: string) => ({ properties: { UserAgent: userAgent } });
    const { sections } = report([
      signedIn('03-05T10:00:00', 'anna', '192.0.2.1', way('BAV2ROPC')),
      failed('03-05T11:00:00', 'anna', stranger, way('BAV2ROPC')),
      signedIn('03-05T10:00:00', 'ben', '192.0.2.1', way('CBAInTAR')),
      signedIn('03-05T10:00:00', 'carl', '192.0.2.1', { properties: { RequestType: 'Cmsi:Cmsi' } }),
      signedIn('03-05T10:00:00', 'dora', '192.0.2.1', way('Mozilla/5.0')),
    ]);
    expect(
      rowsOf(sections, 'ways').map((row) => [row['person'], row['way'], row['signIns'], row['failures']]),
    ).toEqual([
      [person('anna'), 'old protocol, password only (BAV2ROPC)', 1, 1],
      [person('ben'), 'old protocol, password only (CBAInTAR)', 1, 0],
      [person('carl'), 'confirmed application, as with a device code', 1, 0],
    ]);
  });

  it('say something about multifactor authentication only where records do', () => {
    const required = (AuthenticationRequirement: string) =>
      signedIn('03-05T10:00:00', 'anna', '192.0.2.1', { AuthenticationRequirement });
    expect(textsOf(report([signedIn('03-05T10:00:00', 'anna')]).sections, 'ways')).not.toMatch(/required/);
    const stored = [
      required('multiFactorAuthentication'),
      required('singleFactorAuthentication'),
      signedIn('03-05T10:00:00', 'anna', '192.0.2.1', { properties: { UserAuthenticationMethod: '9' } }),
    ];
    expect(textsOf(report(stored).sections, 'ways')).toContain(
      'Of 2 sign-ins whose record says which authentication was required, 1 required multifactor authentication.',
    );
  });
});

describe('the report on sign-ins', () => {
  it('has charts by day of how sign-ins ended, and why they failed', () => {
    const { sections } = report([
      signedIn('03-05T10:00:00', 'anna'),
      failed('03-05T10:00:00', 'anna'),
      stopped('03-06T10:00:00', 'anna', '50074'),
    ]);
    const charts = sections.flatMap((section) => section.charts);
    expect(charts.map(({ name, series }) => [name, series.map((one) => one.values.slice(3, 6))])).toEqual([
      [
        'perDay',
        [
          [0, 1, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      ],
      ['reasons', [[0, 1, 0]]],
    ]);
    expect(report([]).sections.flatMap((section) => section.charts)).toHaveLength(1);
  });

  it('says when sign-ins are not collected', () => {
    const { sections } = report([], { collection: { ...collected, contentTypes: [] } });
    expect(textsOf(sections, 'findings')).toMatch(/^Records of sign-ins are not collected/);
    expect(textsOf(report([]).sections, 'findings')).toMatch(/^0 sign-ins and 0 failures of 0 people\./);
  });

  it('counts what is beyond its limits, and says so everywhere', () => {
    const people = Array.from({ length: 20 }, (_, at) => `person${at}`);
    const stored = people.flatMap((name, at) => [
      signedIn('02-20T10:00:00', name),
      ...manyFailures(`03-${String(at + 1).padStart(2, '0')}T10`, {
        who: name,
        count: 10,
        address: `203.0.${at}.7`,
      }),
      signedIn('03-22T10:00:00', name, '192.0.2.1', { properties: { UserAgent: 'BAV2ROPC' } }),
    ]);
    const { sections } = report([...stored, ...failuresOfMany('03-25T10', 9)], {
      limits: { rows: 5, keys: 8 },
    });
    const said = sections.flatMap(({ paragraphs }) => paragraphs).join('\n');
    expect(said).toMatch(/20 sign-ins and 209 failures of at least 4 people/);
    expect(said).toMatch(/Failures that were not examined, because there were too many on one day: 7\./);
    expect(said).toMatch(/Days and hours that look like attacks, beyond those that can be listed: 18\./);
    expect(said).toMatch(/Failures of people and for reasons beyond those that can be counted: \d+\./);
    expect(said).toMatch(/Sign-ins of people and networks beyond those that can be counted: 12\./);
    expect(said).toMatch(/Records of people beyond those that can be counted: 18\./);
    expect(said).toMatch(/Failures whose reason is not in the chart: \d+\./);
  });
});

describe('attacks in a tenant that is busy, or over months', () => {
  it('are not hidden by routine interrupts of the same day, and those do not count as failures beyond limits', () => {
    const limits = { rows: 1000, keys: 64 };
    const routine = Array.from({ length: 60 }, (_, at) =>
      stopped(`03-05T20:00:${String(at).padStart(2, '0')}`, `clerk${at}`, '50140', '192.0.2.9'),
    );
    const spray = failuresOfMany('03-05T02', 6, stranger);
    const { sections } = report([...routine, ...spray], { limits });
    expect(rowsOf(sections, 'findings')).toMatchObject([{ clientIp: stranger, people: 6 }]);
    expect(textsOf(sections, 'findings')).not.toContain('Failures that were not examined');
    expect(textsOf(sections, 'findings')).toContain('Interrupted sign-ins that were not compared');
  });

  it('are followed for a day each, and not from the first one to the last', () => {
    const later = [...failuresOfMany('03-02T10', 6, stranger), ...failuresOfMany('03-28T10', 6, stranger)];
    const between = signedIn('03-15T10:00:00', 'newcomer', stranger);
    expect(findingsIn([...later, between])).toMatchObject([{ severity: 'warning', signedIn: 0 }]);
    const after = signedIn('03-29T10:04:00', 'newcomer', stranger);
    expect(findingsIn([...later, after])).toMatchObject([{ severity: 'critical', signedIn: 1 }]);
  });

  it('are a warning where it cannot be known who was in the network before, and say so', () => {
    const stored = [...failuresOfMany('03-05T10', 6, stranger), signedIn('03-05T11:00:00', 'anna', stranger)];
    const [finding] = findingsIn(stored, { pastGaps: [{ reason: 'Lost.' }] });
    expect(finding).toMatchObject({ severity: 'warning', signedIn: 1 });
    expect(finding?.['finding']).toContain('may be missing');
  });

  it('stay as they are where there are more networks than can be counted: the past of who follows is looked up', () => {
    const limits = { rows: 1000, keys: 48 };
    const many = Array.from({ length: 60 }, (_, at) => signedIn('03-20T10:00:00', 'anna', `198.18.${at}.1`));
    const office = [
      ...failuresOfMany('03-05T10', 6, stranger),
      ...['02-20T10:00:00', '03-05T11:00:00'].map((time) => signedIn(time, 'ben', stranger)),
    ];
    expect(findingsIn([...many, ...office], { limits })).toMatchObject([{ signedIn: 0 }]);
  });
});
