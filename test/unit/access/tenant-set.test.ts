import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allTenants,
  canonicalSet,
  contains,
  containsId,
  readSet,
  soleTenant,
  tagIn,
  termOfTag,
} from '../../../shared/access/tenant-set.ts';

const [one, two, three] = ['a', 'b', 'c'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
const tags = ['gold', 'emea', 'silver'];
const term = fc.constantFrom(allTenants, ...[one ?? '', two ?? ''], ...tags.map(termOfTag));
const member = fc.record({
  tenantId: fc.constantFrom(one ?? '', two ?? '', three ?? ''),
  tags: fc.option(fc.subarray(tags), { nil: undefined }),
});

describe('a set of tenants', () => {
  it('contains what any of its terms names, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(term, { minLength: 1 }), member, (terms, tenant) => {
        const names = [allTenants, tenant.tenantId, ...(tenant.tags ?? []).map(termOfTag)];
        expect(contains(canonicalSet(terms), tenant)).toBe(terms.some((each) => names.includes(each)));
      }),
    );
  });

  it('has one text, however it was written', () => {
    fc.assert(
      fc.property(fc.array(term, { minLength: 1 }), (terms) => {
        const text = canonicalSet(terms);
        expect(canonicalSet([...terms].reverse())).toBe(text);
        expect(canonicalSet(text.split(','))).toBe(text);
      }),
    );
  });

  it('contains nothing if it is empty', () => {
    expect(contains('', { tenantId: one ?? '', tags })).toBe(false);
    expect(readSet('').isAll).toBe(false);
  });

  it('names a tenant by ID whatever its tags are, or only by its tags', () => {
    expect(containsId(canonicalSet([one ?? '', 'tag:gold']), one ?? '')).toBe(true);
    expect(containsId('tag:gold', one ?? '')).toBe(false);
    expect(containsId(allTenants, two ?? '')).toBe(true);
  });

  it('has a sole tenant only if it can never name another', () => {
    expect(soleTenant(one ?? '')).toBe(one);
    for (const text of [
      '*',
      'tag:gold',
      canonicalSet([one ?? '', two ?? '']),
      canonicalSet([one ?? '', 'tag:gold']),
    ])
      expect(soleTenant(text)).toBeUndefined();
  });

  it('takes the word tag in either case', () => {
    expect([tagIn('TAG:Gold'), tagIn('gold'), tagIn('tags:gold')]).toEqual(['Gold', undefined, undefined]);
  });
});
