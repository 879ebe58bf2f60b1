/** When two texts count as the same record. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../../shared/records/canonical.ts';

function hashOf(text: string | Buffer): string {
  const bytes = Buffer.from(text);
  return contentHash(bytes, JSON.parse(bytes.toString('utf8'))).toString('hex');
}

/** Prints with members in another order and other blanks. */
function reprint(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(reprint).join(' , ')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).reverse();
  return `{${members.map(([name, member]) => ` ${JSON.stringify(name)} :\t${reprint(member)}`).join(',')} }`;
}

describe('the hash of content', () => {
  it('does not depend on the order of members or on whitespace, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hashOf(reprint(value))).toBe(hashOf(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on how characters are escaped', () => {
    expect(hashOf('{"a\\u0062":"\\/\\u00e9"}')).toBe(hashOf('{"ab":"/é"}'));
  });

  it('differs for values that differ', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        // As delivered: -0 is printed as 0.
        const [one, other] = [a, b].map((value): unknown => JSON.parse(JSON.stringify(value)));
        fc.pre(!isDeepStrictEqual(one, other));
        expect(hashOf(JSON.stringify(a))).not.toBe(hashOf(JSON.stringify(b)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a":[1,2]}', '{"a":[2,1]}'],
    ['{"a":1}', '{"a":"1"}'],
    ['{"a":null}', '{}'],
    ['{"a":{"b":1},"c":2}', '{"a":{"b":1,"c":2}}'],
    ['{"a":""}', '{"":"a"}'],
  ])('distinguishes %s from %s', (one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });

  it('distinguishes numbers that only differ beyond 2^53', () => {
    expect(hashOf('{"n":9007199254740992}')).not.toBe(hashOf('{"n":9007199254740993}'));
  });

  it('distinguishes bytes that are not UTF-8', () => {
    const withByte = (byte: number) => Buffer.from([...Buffer.from('{"a":"'), byte, ...Buffer.from('"}')]);
    expect(hashOf(withByte(0xff))).not.toBe(hashOf(withByte(0xfe)));
  });

  it('is the same however deep the stack already is', () => {
    const below = (frames: number, text: string): string =>
      frames === 0 ? hashOf(text) : below(frames - 1, text);
    for (let depth = 500; depth <= 10_000; depth += 500) {
      const text = `${'[ '.repeat(depth)}${']'.repeat(depth)}`;
      expect([depth, below(3000, text)]).toEqual([depth, hashOf(text)]);
    }
  });

  it('of invalid JSON is that of its bytes', () => {
    const one = contentHash(Buffer.from('{ broken'), undefined);
    expect(one).toEqual(contentHash(Buffer.from('{ broken'), undefined));
    expect(one).not.toEqual(contentHash(Buffer.from('{broken'), undefined));
  });
});
