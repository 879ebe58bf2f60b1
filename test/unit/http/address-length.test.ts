/** Links to next pages stay as short as the address that asked, and keep its spelling. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../shared/errors.ts';
import {
  checkLeavesRoom,
  maxAddressLength,
  maxContinuation,
  withParameter,
} from '../../../shared/http/address-length.ts';

const base = 'https://audit.example/api/tenants/x/records';

describe('a link with a parameter', () => {
  it.each([
    ['', '?skiptoken=abc'],
    ['?', '?skiptoken=abc'],
    ['?top=5', '?top=5&skiptoken=abc'],
    ['?skiptoken=old&top=5', '?top=5&skiptoken=abc'],
    ['?top=5&skip%74oken=old&skiptoken=other', '?top=5&skiptoken=abc'],
    ["?filter=userId%20eq%20'x'&a=(b)*c,d", "?filter=userId%20eq%20'x'&a=(b)*c,d&skiptoken=abc"],
    ['?text=a+b%2Bc?d', '?text=a+b%2Bc?d&skiptoken=abc'],
  ])('keeps how the others are spelled: %s', (query, expected) => {
    expect(withParameter(`${base}${query}`, 'skiptoken', 'abc')).toBe(`${base}${expected}`);
  });

  it('is longer by that parameter alone, and means the same', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (query) => {
        const url = new URL(`${base}?${query}`);
        url.searchParams.delete('skiptoken');
        const next = withParameter(url.href, 'skiptoken', 'abc');
        expect(next.length).toBeLessThanOrEqual(url.href.length + '&skiptoken=abc'.length);
        const rest = [...new URL(next).searchParams].filter(([name]) => name !== 'skiptoken');
        expect(rest).toEqual([...url.searchParams]);
      }),
    );
  });
});

describe('an address', () => {
  const path = '/api/tenants/x/records?filter='.length;
  const withLength = (length: number) => `${base}?filter=${'x'.repeat(length - path)}`;
  const longest = maxAddressLength - maxContinuation;

  it('may be as long as leaves room for the next page, whose token does not count', () => {
    expect(() => {
      checkLeavesRoom(withLength(longest), 'skiptoken');
    }).not.toThrow();
    expect(() => {
      checkLeavesRoom(`${withLength(longest)}&skiptoken=${'x'.repeat(380)}`, 'skiptoken');
    }).not.toThrow();
  });

  it('that is longer is refused with what to do', () => {
    const refused = () => {
      checkLeavesRoom(withLength(longest + 1), 'skiptoken');
    };
    expect(refused).toThrow(RequestError);
    expect(refused).toThrow(
      /, with what continues it, has 8001 characters; the limit is 8000\. Save the filters with PUT …\/searches/,
    );
  });
});
