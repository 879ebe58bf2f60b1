/** Parameters of a list of records: what is understood, and what is refused by name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../shared/errors.ts';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { parseRange, parseRecordQuery, type RecordQuery } from '../../../shared/query/filters.ts';

function parse(query: string | Readonly<Record<string, string>>): RecordQuery {
  return parseRecordQuery(new URLSearchParams(query));
}

/** The error that something throws, as an HTTP answer tells it. */
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
const allNames = [...listNames, 'from', 'to', 'recordType', 'objectId', 'siteUrl', 'top', 'skiptoken'];

describe('a query of records', () => {
  it('asks for the newest hundred when it says nothing', () => {
    expect(parse('')).toEqual({ filters: {}, top: 100, skipToken: undefined });
  });

  it.each([
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T09:00', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02T09:00:01Z', '2026-03-02T09:00:01.000Z'],
    ['2026-03-02T09:00:01.5', '2026-03-02T09:00:01.500Z'],
    ['2026-03-02T09:00:00+01:00', '2026-03-02T08:00:00.000Z'],
  ])('takes the moment %s for %s', (text, iso) => {
    expect(parse({ from: text }).filters.from?.toISOString()).toBe(iso);
    expect(parseRange(new URLSearchParams({ to: text })).to?.toISOString()).toBe(iso);
  });

  it('separates values by commas, and takes what stands in quotes as it is', () => {
    expect(parse({ users: ' ada@contoso.example , bo' }).filters.users).toEqual([
      'ada@contoso.example',
      'bo',
    ]);
    expect(parse({ operations: '"a, b","say ""hi"""' }).filters.operations).toEqual(['a, b', 'say "hi"']);
    expect(parse({ objectId: 'a,b "c"' }).filters.objectId).toBe('a,b "c"');
  });

  it('gives back every list of values that is quoted', () => {
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

  it('takes a hundred users at once, and the longest object that a row can show', () => {
    const users = Array.from({ length: 100 }, (_, at) => `somebody.with.a.long.name.${at}@contoso.example`);
    expect(parse({ users: users.join(',') }).filters.users).toEqual(users);
    const { objectId = '' } = parseRecord(
      Buffer.from(JSON.stringify({ ObjectId: 'x'.repeat(9000) })),
    ).summary;
    expect(parse({ objectId }).filters.objectId).toBe(objectId);
  });

  it('takes record types by number and by name', () => {
    expect(parse({ recordType: '6,sharepoint,98765' }).filters.recordType).toEqual([6, 4, 98_765]);
  });

  it('takes a name that two record types bear for both', () => {
    expect(parse({ recordType: 'SentinelKQLOnLake' }).filters.recordType?.toSorted()).toEqual([367, 379]);
  });

  it('takes the only version there is by whatever name', () => {
    expect(parse('api-version=2026-03-01&top=5').top).toBe(5);
  });
});

describe('a parameter that is not understood is refused by its name', () => {
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
  ])('%s=%s', (name, value) => {
    expect(refusalOf(() => parse({ [name]: value }))).toEqual(badRequest(name));
  });

  it.each(allNames)('%s without a value', (name) => {
    expect(refusalOf(() => parse({ [name]: '' }))).toEqual(badRequest(name));
  });

  it.each([...allNames, 'api-version'])('%s given twice', (name) => {
    expect(refusalOf(() => parse(`${name}=1&${name}=1`))).toEqual(badRequest(name));
  });

  it.each(['__proto__', 'constructor', 'toString', 'From', 'user', '$top', '', 'top[]'])('%j', (name) => {
    expect(
      refusalOf(() => parse([[name, '1']].map(([key]) => `${encodeURIComponent(key ?? '')}=1`).join('&'))),
    ).toEqual(badRequest(name));
  });

  it('whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (name, value) => {
        fc.pre(!allNames.includes(name) && name !== 'api-version');
        const query = new URLSearchParams([[name, value]]);
        expect(refusalOf(() => parseRecordQuery(query))).toEqual(badRequest(name));
      }),
    );
  });

  it('and so is a range that ends before it begins', () => {
    for (const to of ['2026-03-02', '2026-03-01']) {
      expect(refusalOf(() => parse({ from: '2026-03-02', to }))).toEqual(badRequest('to'));
      expect(refusalOf(() => parseRange(new URLSearchParams({ from: '2026-03-02', to })))).toEqual(
        badRequest('to'),
      );
    }
  });

  it('and nothing but a refusal ever comes of a query', () => {
    const pair = fc.tuple(fc.constantFrom(...allNames), fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 5 }), (pairs) => {
        expect(refusalOf(() => parseRecordQuery(new URLSearchParams(pairs)))).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('in time, however many quotes a value has', () => {
    const text = '"a'.repeat(2048);
    const started = performance.now();
    refusalOf(() => parse({ users: text }));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
