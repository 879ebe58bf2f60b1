/** A search that is saved and opened is the same search. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onlyTenant, openedBy, savedFilters, searchNameOf } from '../../../console/search/saved.ts';
import { joinValues } from '../../../console/search/lists.ts';
import { searchSchema } from '../../../console/search/search-state.ts';
import { readState } from '../../../console/url/codecs.ts';
import { checkSearchName, publicFilters } from '../../../shared/searches/search.ts';
import { parseSearchFilters } from '../../../shared/searches/search-query.ts';

const state = readState(searchSchema, '');
const value = fc
  .string({ unit: fc.constantFrom(',', '"', 'a', 'é', '*', ' ', "'") })
  .filter((text) => text.trim() !== '' && text.trim() === text);

describe('the tenant whose own saved searches are listed', () => {
  it.each([
    [['8f0d1a2b-3c4d-4e5f-8a9b-000000000001'], '8f0d1a2b-3c4d-4e5f-8a9b-000000000001'],
    [['*'], undefined],
    [['tag:gold'], undefined],
    [[], undefined],
    [['one', 'another'], undefined],
  ])('of a search of %j is %s', (tenants, expected) => {
    expect(onlyTenant({ tenants })).toBe(expected);
  });
});

describe('a saved search', () => {
  it('opens what was saved, whatever its values are', () => {
    const saved = fc.record({
      actor: fc.array(value, { maxLength: 3 }),
      objectId: fc.array(value, { maxLength: 3 }),
      text: fc.array(value, { maxLength: 1 }),
    });
    fc.assert(
      fc.property(saved, fc.array(value, { minLength: 1, maxLength: 3 }), (filters, tenants) => {
        const given = { ...state, ...filters };
        const stored = savedFilters(given);
        expect(() => parseSearchFilters(stored)).not.toThrow();
        const opened = openedBy({ tenants: joinValues(tenants), filters: publicFilters(stored) });
        expect({ ...state, ...opened }).toEqual({ ...given, tenants });
      }),
    );
  });

  it('has a range only if that has a beginning and an end of its own', () => {
    expect(savedFilters({ ...state, range: 'week' })).toEqual({});
    const custom = { range: 'custom', from: '2026-11-01T00:00:00.000Z', to: '' } as const;
    expect(savedFilters({ ...state, ...custom })).toEqual({ from: custom.from });
    expect(openedBy({ filters: { from: custom.from } })).toMatchObject(custom);
    expect(openedBy({ filters: {} })).not.toHaveProperty('range');
  });

  it('takes the filters of the page away that it does not have', () => {
    expect(openedBy({ filters: { service: ['Exchange'] } })).toMatchObject({
      actor: [],
      service: ['Exchange'],
    });
  });

  it('has a name that the API takes, whatever its title is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (title) => {
        expect(checkSearchName(searchNameOf(title))).toBe(searchNameOf(title));
      }),
    );
    expect(searchNameOf('Failed sign-ins')).toBe('Failed-sign-ins');
    expect(searchNameOf('Sign-ins, gescheitert (für Adatum)')).toMatch(
      /^Sign-ins-gescheitert-fur-Adatum-\w+$/,
    );
  });

  it('has a name of its own where letters of its title are left out, or the title is long', () => {
    const titles = ['Поиск 1', 'Вход 1', 'Поиск', 'a/b', 'a b', `${'x'.repeat(70)}1`, `${'x'.repeat(70)}2`];
    expect(new Set(titles.map(searchNameOf)).size).toBe(titles.length);
  });
});
