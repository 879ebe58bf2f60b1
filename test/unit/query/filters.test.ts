/** Parameters of a list of records: what is accepted, and what is refused by name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../shared/errors.ts';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { readParameters } from '../../../shared/http/parameters.ts';
import { rangeParameters } from '../../../shared/query/filters.ts';
import type { RecordQuery } from '../../../shared/query/record-query.ts';
import { parseRecordQuery } from '../../support/record-query.ts';
import { costGrowth, linearGrowth } from '../../support/cost-growth.ts';

function parse(query: string | Readonly<Record<string, string>>): RecordQuery {
  return parseRecordQuery(new URLSearchParams(query));
}

function parseRange(query: URLSearchParams) {
  return readParameters(rangeParameters, query).parameters;
}

/** The thrown error, as in an HTTP answer. */
function refusalOf(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { status: error.status, code: error.code, target: error.target };
  }
}

function badRequest(target: string) {
  return { status: 400, code: 'InvalidParameter', target };
}

const listNames = ['users', 'operations', 'service', 'mailbox', 'clientIp', 'resultStatus'] as const;
const onceNames = ['from', 'to', 'text', 'filter', 'orderby', 'top', 'skiptoken'] as const;
const allNames = [
  ...[...listNames, ...onceNames, 'recordType', 'objectId', 'siteUrl', 'siteIds', 'team', 'ids'],
  ...['userType', 'administrativeUnits', 'select', 'expand', 'actor', 'target'],
];
const dollarNames = ['$filter', '$top', '$select', '$orderby', '$expand', '$skiptoken'];

describe('a query for records', () => {
  it('returns the newest hundred by default', () => {
    const defaults = { filters: {}, top: 100, order: 'desc', withTexts: false, dialect: 'plain' };
    expect(parse('')).toEqual(defaults);
  });

  it.each([
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T09:00', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02T09:00:01Z', '2026-03-02T09:00:01.000Z'],
    ['2026-03-02T09:00:01.5', '2026-03-02T09:00:01.500Z'],
    ['2026-03-02T09:00:00+01:00', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T09:00:00+0100', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T09:00-0130', '2026-03-02T10:30:00.000Z'],
    ['2026-03-02t09:00:00z', '2026-03-02T09:00:00.000Z'],
  ])('reads the time %s as %s', (text, iso) => {
    expect(parse({ from: text }).filters.from?.toISOString()).toBe(iso);
    expect(parseRange(new URLSearchParams({ to: text })).to?.toISOString()).toBe(iso);
  });

  it.each(['2026-03-02T09:00:00+01:00', '2026-03-02T09:00:00+0100', '2026-03-02t09:00+0530'])(
    'names %%2B when the plus sign of the time zone of %s became a blank',
    (from) => {
      const attempt = () => parseRange(new URLSearchParams(`from=${from}`));
      expect(refusalOf(attempt)).toEqual(badRequest('from'));
      expect(attempt).toThrow("'from' has a blank before its time zone: in an address, write + as %2B.");
    },
  );

  it('takes no blank between a day and a time for a plus', () => {
    const attempt = () => parseRange(new URLSearchParams('from=2026-03-02 09:00'));
    expect(attempt).toThrow(/^'from' must be an ISO 8601 date/);
  });

  it.each([
    ['user', 'users'],
    ['Users', 'users'],
    ['userId', 'users'],
    ['operation', 'operations'],
    ['limit', 'top'],
    ['services', 'service'],
    ['startDate', 'from'],
    ['ipAddress', 'clientIp'],
    ['mailboxOwner', 'mailbox'],
    ['teamId', 'team'],
    ['siteId', 'siteIds'],
    ['opertions', 'operations'],
  ])('suggests the known name for %s', (name, meant) => {
    expect(() => parse({ [name]: 'x' })).toThrow(
      `Unknown parameter '${name}'. Did you mean '${meant}'? Known: `,
    );
  });

  it('suggests the name of a member for that of its filter', () => {
    expect(() => parse({ select: 'users' })).toThrow("unknown member: users. Did you mean 'userId'? Known: ");
    expect(() => parse({ filter: "users eq 'a'" })).toThrow("unknown member users. Did you mean 'userId'? ");
  });

  it('suggests nothing for a name that is like no other', () => {
    expect(() => parse({ color: 'x' })).toThrow(/^Unknown parameter 'color'\. Known: /);
  });

  it('separates values by commas, and keeps quoted text unchanged', () => {
    expect(parse({ users: ' ada@contoso.example , bo' }).filters.users).toEqual([
      'ada@contoso.example',
      'bo',
    ]);
    expect(parse({ operations: '"a, b","say ""hi"""' }).filters.operations).toEqual(['a, b', 'say "hi"']);
    expect(parse({ objectId: 'a,b "c"' }).filters.objectId).toEqual(['a,b "c"']);
  });

  it('accepts several values in one parameter, in several, or both', () => {
    expect(parse('users=a,b&users=c').filters.users).toEqual(['a', 'b', 'c']);
    expect(parse('objectId=a,b&objectId=c').filters.objectId).toEqual(['a,b', 'c']);
    expect(parse('recordType=6&recordType=SharePoint').filters.recordType).toEqual([6, 4]);
    expect(parse('userType=Admin,4').filters.userType).toEqual([2, 4]);
  });

  it('accepts names as OData writes them, mixed with others, and keeps the dialect', () => {
    expect(parse("$top=5&$orderby=createdDateTime&users=a&$filter=service eq 'x'")).toMatchObject({
      ...{ top: 5, order: 'asc', dialect: 'odata' },
      filters: { users: ['a'], filter: { op: 'in', member: 'service' } },
    });
    expect(parse("top=5&filter=service eq 'x'").dialect).toBe('plain');
  });

  it.each([
    ['createdDateTime desc', 'desc'],
    ['createdDateTime asc', 'asc'],
    ['createdDateTime', 'asc'],
    [' createddatetime  DESC ', 'desc'],
  ])('orders by %j', (orderby, order) => {
    expect(parse({ orderby }).order).toBe(order);
  });

  it('selects members, in the requested order', () => {
    expect(parse('select=operation,id').select).toEqual(['operation', 'id']);
  });

  it('restores every quoted list of values', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(...listNames),
        (list, name) => {
          fc.pre(name !== 'clientIp');
          const text = list.map((one) => `"${one.replaceAll('"', '""')}"`).join(',');
          expect(parse({ [name]: text }).filters[name]).toEqual(list);
        },
      ),
    );
  });

  it('accepts a hundred users at once, and the longest object that a row can show', () => {
    const users = Array.from({ length: 100 }, (_, at) => `someone.with.a.long.name.${at}@contoso.example`);
    expect(parse({ users: users.join(',') }).filters.users).toEqual(users);
    const { objectId = '' } = parseRecord(
      Buffer.from(JSON.stringify({ ObjectId: 'x'.repeat(9000) })),
    ).summary;
    expect(parse({ objectId }).filters.objectId).toEqual([objectId]);
  });

  it('accepts record types by number and by name', () => {
    expect(parse({ recordType: '6,sharepoint,98765' }).filters.recordType).toEqual([6, 4, 98_765]);
  });

  it('reads a name of two record types as both', () => {
    expect(parse({ recordType: 'SentinelKQLOnLake' }).filters.recordType?.toSorted()).toEqual([367, 379]);
  });
});

describe('an unknown parameter is refused by its name', () => {
  it.each([
    ...[
      'yesterday',
      '2026-13-01',
      '2026-02-30',
      '2026-03-02T25:00:00Z',
      '2026-03-02T09:00:00 01:00',
      '1772442847',
    ].map((value) => ['from', value] as const),
    ...['0', '1001', '-1', '1.5', 'ten', '1e3', '99999', ' 5'].map((value) => ['top', value] as const),
    ...['NobodyKnows', '1.5', '6,NobodyKnows', '99999999999'].map((value) => ['recordType', value] as const),
    ...[':443', '[]', '192.0.2.1,[]'].map((value) => ['clientIp', value] as const),
    ...[',', ' , ', '""', Array(101).fill('a').join(',')].map((value) => ['users', value] as const),
    ['objectId', 'x'.repeat(9000)] as const,
    ...['userid', 'id,nothing', 'auditData'].map((value) => ['select', value] as const),
    ...['userId', 'createdDateTime up', 'createdDateTime,id'].map((value) => ['orderby', value] as const),
    ...['Unknown', '1.5'].map((value) => ['userType', value] as const),
    ...['192.0.2.0/33', '2001:db8::/129', '192.0.2.0/-1'].map((value) => ['clientIp', value] as const),
    ...['users eq', 'x'.repeat(9000)].map((value) => ['filter', value] as const),
  ])('%s=%s', (name, value) => {
    expect(refusalOf(() => parse({ [name]: value }))).toEqual(badRequest(name));
  });

  it.each(allNames)('%s without a value', (name) => {
    expect(refusalOf(() => parse({ [name]: '' }))).toEqual(badRequest(name));
  });

  it.each([...onceNames, 'api-version'])('%s given twice', (name) => {
    expect(refusalOf(() => parse(`${name}=1&${name}=1`))).toEqual(badRequest(name));
  });

  it.each(['top=1&$top=2', '$filter=a&filter=b'])('a parameter given under two names: %s', (query) => {
    expect(refusalOf(() => parse(query))).toMatchObject({ status: 400, code: 'InvalidParameter' });
  });

  it('names it as the caller wrote it', () => {
    expect(refusalOf(() => parse({ $top: 'ten' }))).toEqual(badRequest('$top'));
    expect(refusalOf(() => parse({ $filter: 'nothing' }))).toEqual(badRequest('$filter'));
  });

  it.each([
    ['$count', /summary/],
    ['$search', /text/],
  ])('lists what is available instead of %s', (name, hint) => {
    expect(() => parse({ [name]: 'true' })).toThrow(hint);
  });

  it.each(['__proto__', 'constructor', 'toString', 'From', 'user', '$count', '$users', '', 'top[]'])(
    '%j',
    (name) => {
      expect(
        refusalOf(() => parse([[name, '1']].map(([key]) => `${encodeURIComponent(key ?? '')}=1`).join('&'))),
      ).toEqual(badRequest(name));
    },
  );

  it('whatever its name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (name, value) => {
        fc.pre(![...allNames, ...dollarNames, 'api-version'].includes(name));
        const query = new URLSearchParams([[name, value]]);
        expect(refusalOf(() => parseRecordQuery(query))).toEqual(badRequest(name));
      }),
    );
  });

  it('as is a range that ends before it begins', () => {
    for (const to of ['2026-03-02', '2026-03-01']) {
      expect(refusalOf(() => parse({ from: '2026-03-02', to }))).toEqual(badRequest('to'));
      expect(refusalOf(() => parseRange(new URLSearchParams({ from: '2026-03-02', to })))).toEqual(
        badRequest('to'),
      );
    }
  });

  it('a query is parsed or refused, with no other error', () => {
    const pair = fc.tuple(fc.constantFrom(...allNames), fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 5 }), (pairs) => {
        expect(refusalOf(() => parseRecordQuery(new URLSearchParams(pairs)))).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('in time, however many quotes a value has', () => {
    const growth = costGrowth(2048, (quotes) => {
      refusalOf(() => parse({ users: '"a'.repeat(quotes) }));
    });
    expect(growth).toBeLessThan(linearGrowth);
  });
});
