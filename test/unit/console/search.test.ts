/** What a search is in its address, and what its values lead to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sayCompleteness } from '../../../console/search/completeness.ts';
import { filterNames } from '../../../console/search/filter-fields.ts';
import { joinValues, splitValues } from '../../../console/search/lists.ts';
import { filterOfPath, pivotOfMember, pivotOfPath } from '../../../console/search/pivots.ts';
import {
  askedQuery,
  searchAddress,
  searchSchema,
  type SearchState,
} from '../../../console/search/search-state.ts';
import { rangeOf } from '../../../console/search/time-range.ts';
import { valuesIn } from '../../../console/search/values-in.ts';
import { readState } from '../../../console/url/codecs.ts';
import { parseFilter } from '../../../shared/query/filter-language/parse-filter.ts';
import { namesOfPath, valuesAt } from '../../../shared/query/filter-language/path-values.ts';
import { filterParameters, parseFilters } from '../../../shared/query/filters.ts';

const emptySearch = readState(searchSchema, '');
const now = new Date('2026-11-30T12:00:00.000Z');
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom("'", '"', ',', '/', '*', '\\', ' ', '\n', '%', '&', '+', 'é', '\u202e', 'a'),
  }),
  fc.constantFrom("' or 1 eq 1 or '", '</script><script>', '\ud800', '../..', '#key=', "''", '**'),
);
/** As they stay when lists are read: with something in them. */
const value = hostile.filter((text) => text.trim() !== '' && !/\p{Surrogate}/u.test(text));

const state: fc.Arbitrary<SearchState> = fc
  .record(
    {
      tenants: fc.array(value, { minLength: 1 }),
      range: fc.constantFrom('hour', 'week', 'custom'),
      from: fc.constantFrom('', '2026-11-01T00:00:00.000Z'),
      actor: fc.array(value),
      objectId: fc.array(value),
      text: fc.array(value, { maxLength: 1 }),
      record: value,
    },
    { requiredKeys: [] },
  )
  .map((changes) => ({ ...emptySearch, ...changes }));

const searchOf = (address: string) => new URL(address, 'https://app.invalid').search;

describe('a search', () => {
  it('has every filter that the API has', () => {
    const { from, to, ...filters } = filterParameters.shape;
    expect([from, to]).not.toContain(undefined);
    expect([...filterNames].sort()).toEqual(Object.keys(filters).sort());
  });

  it('is the same after its address is read', () => {
    fc.assert(
      fc.property(state, (given) => {
        expect(readState(searchSchema, searchOf(searchAddress(given)))).toEqual(given);
      }),
    );
  });

  it('has an address of nothing but the page at first', () => {
    expect(searchAddress(emptySearch)).toBe('/console/search');
  });

  it('writes lists so that the API reads each value as it is', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        expect(splitValues(joinValues(values))).toEqual(values);
        const { users } = parseFilters(new URLSearchParams({ users: joinValues(values) }));
        expect(users).toEqual(values);
      }),
    );
  });
});

describe('the range of a search', () => {
  it.each([
    ['hour', '2026-11-30T11:00:00.000Z', '2026-11-30T12:00:00.000Z'],
    ['month', '2026-11-01T00:00:00.000Z', '2026-11-30T12:00:00.000Z'],
    ['lastMonth', '2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
  ] as const)('%s', (range, from, to) => {
    expect(rangeOf({ range, from: '', to: '' }, now)).toEqual({ from, to });
  });

  it('takes times without a zone for UTC, and is open where none is given', () => {
    const custom = { range: 'custom', from: '2026-11-01T10:00', to: '' } as const;
    expect(rangeOf(custom, now)).toEqual({ from: '2026-11-01T10:00:00.000Z', to: now.toISOString() });
    expect(rangeOf({ ...custom, from: 'not a time' }, now).from).toBeUndefined();
  });
});

describe('a pivot', () => {
  const around = { tenants: ['tag:gold'], range: 'week', from: '', to: '' } as const;
  const tenantId = '3f0d1a2b-3c4d-4e5f-8a9b-000000000001';
  const stateAt = (address: string) => readState(searchSchema, searchOf(address));
  const paramsOf = (address: string) => {
    const asked = askedQuery(stateAt(address), rangeOf(around, now));
    const entries = Object.entries(asked).filter(([name]) => name !== 'tenants');
    return new URLSearchParams(
      entries.flatMap(([name, given]) => [given].flat().map((one): [string, string] => [name, one])),
    );
  };

  it('asks what the API accepts, for exactly the value, whatever the value is', () => {
    const members = [
      'userId',
      'operation',
      'clientIp',
      'objectId',
      'siteUrl',
      'mailboxOwner',
      'userKey',
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...members), hostile, (member, text) => {
        const address = pivotOfMember(around, tenantId, member, text);
        if (address === undefined) return;
        const filters = parseFilters(paramsOf(address));
        const { filter, from, to, ...named } = filters;
        expect([from, to]).not.toContain(undefined);
        const found = filter === undefined ? Object.values(named) : [filter];
        expect(found).toEqual(
          filter === undefined ? [[text]] : [{ op: 'in', member, literals: [{ type: 'text', value: text }] }],
        );
      }),
    );
  });

  it.each([
    ['clientIp', '192.0.2.7', 'clientIp'],
    ['clientIp', '2001:db8::1', 'clientIp'],
    ['clientIp', '999.0.2.7', 'filter'],
    ['objectId', 'a*b', 'filter'],
    ['userKey', 'x', 'filter'],
  ] as const)('of %s %s uses %s', (member, text, name) => {
    expect(stateAt(pivotOfMember(around, tenantId, member, text) ?? '')[name]).toHaveLength(1);
  });

  it('on a person stays in the tenant of the record; on an address, in all that were searched', () => {
    expect(stateAt(pivotOfMember(around, tenantId, 'userId', 'a') ?? '').tenants).toEqual([tenantId]);
    expect(stateAt(pivotOfMember(around, tenantId, 'clientIp', '::1') ?? '').tenants).toEqual(['tag:gold']);
  });

  it('on a value anywhere in a record is a filter that finds the record', () => {
    // Plus zero: minus zero is written as zero, and equal to it.
    const number = fc.oneof(fc.integer(), fc.double()).map((one) => one + 0);
    const scalar = fc.oneof(hostile, number, fc.boolean());
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 5 }), scalar, (path, leaf) => {
        const filter = filterOfPath(path, leaf);
        if (filter === undefined) return;
        const node = parseFilter(filter);
        if (!('member' in node) || node.op !== 'in') throw new Error(`${filter} compares nothing.`);
        expect(node.literals).toEqual([
          { type: typeof leaf === 'string' ? 'text' : typeof leaf, value: leaf },
        ]);
        const record = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), leaf);
        expect(namesOfPath(node.member)).toEqual(path);
        expect(valuesAt(record, namesOfPath(node.member))).toEqual([leaf]);
      }),
    );
  });

  it('leads to every value of a record with lists of names and values', () => {
    const record = {
      Parameters: [{ Name: 'Identity', Value: 'dir' }],
      Actor: [{ ID: 'a', Type: 5 }],
      AppAccessContext: { AADSessionId: 's' },
    };
    const { values } = valuesIn(record);
    expect(values.map(({ path }) => path.join('/'))).toEqual([
      ...['Parameters/Identity', 'Actor/ID', 'Actor/Type', 'AppAccessContext/AADSessionId'],
    ]);
    for (const { path, value: leaf } of values) {
      expect(valuesAt(record, path)).toContain(leaf);
      expect(pivotOfPath(around, tenantId, path, leaf)).toContain('filter=auditData');
    }
  });

  it('does not exist for what an address cannot hold', () => {
    expect(pivotOfMember(around, tenantId, 'userId', '\ud800')).toBeUndefined();
    expect(pivotOfMember(around, tenantId, 'userId', 'é'.repeat(2000))).toBeUndefined();
  });

  it('lists a bounded number of values, whatever the record is', () => {
    const { values, isCut } = valuesIn({ many: Array.from({ length: 5000 }, (_, at) => at) });
    expect([values.length, isCut]).toEqual([400, true]);
  });
});

describe('the words about completeness', () => {
  const at = { completeThrough: '2026-11-30T12:00:00Z', isPending: false, hasGaps: false };

  it.each([
    [at, 'Everything that Microsoft published about this range is here.'],
    [
      { ...at, isPending: true },
      'Everything until 2026-11-30 12:00:00 UTC, 13:00:00 (UTC+1) is here; later records may still arrive.',
    ],
    [
      { ...at, completeThrough: undefined, isPending: true },
      'How much of this range is here is not known yet.',
    ],
  ])('%j', (given, said) => {
    expect(sayCompleteness(given, 'Europe/Berlin')).toEqual({ sentences: [said], isWarning: false });
  });

  it.each([false, true])(
    'never claims that everything is here where something is missing (pending: %j)',
    (isPending) => {
      const { sentences, isWarning } = sayCompleteness({ ...at, hasGaps: true, isPending });
      expect(isWarning).toBe(true);
      expect(sentences.join(' ')).toMatch(/permanently lost, in content that cannot be read, or from before/);
      expect(sentences.join(' ')).not.toMatch(/everything/i);
    },
  );
});
