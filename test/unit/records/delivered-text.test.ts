/** What is read from a record whose text is longer than can be held. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseText } from '../../../shared/records/delivered-text.ts';

function beginningOf(text: string): unknown {
  return parseText({ bytes: Buffer.from(text), truncated: true });
}

/** Names of members are never numbers, so that they keep their order. */
const anyRecord = fc.dictionary(
  fc.string().map((name) => `n${name}`),
  fc.jsonValue(),
  { minKeys: 1 },
);

describe('the beginning of a record', () => {
  it('has the members that are whole in it, wherever it is cut', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), fc.boolean(), (record, cut, spaced) => {
        const bytes = Buffer.from(JSON.stringify(record, undefined, spaced ? 1 : 0));
        const beginning = bytes.subarray(0, cut % bytes.length);
        const parsed = parseText({ bytes: beginning, truncated: true });
        const wanted = Object.entries(JSON.parse(JSON.stringify(record)) as object);
        // A member is whole once the comma after it is there.
        const whole = wanted.filter((_, at) => {
          const through = Object.fromEntries([...wanted.slice(0, at + 1), ['~', 0]]);
          const upToComma = JSON.stringify(through, undefined, spaced ? 1 : 0).lastIndexOf(',');
          const text = JSON.stringify(through, undefined, spaced ? 1 : 0).slice(0, upToComma + 1);
          return at < wanted.length - 1 && Buffer.byteLength(text) <= beginning.length;
        });
        expect(parsed).toEqual(whole.length === 0 ? undefined : Object.fromEntries(whole));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a text that only looks like a member', '{"a":"x,\\"Id\\":1,","b":"', { a: 'x,"Id":1,' }],
    ['a nested member', '{"a":{"Id":1,"b":2},"c":[1,2', { a: { Id: 1, b: 2 } }],
    ['a backslash before the closing quote', '{"a":"\\\\","b":"\\\\\\"', { a: '\\' }],
    ['the last of two members of one name', '{"a":1,"a":2,"b":', { a: 2 }],
  ])('knows %s', (_, text, members) => {
    expect(beginningOf(text)).toEqual(members);
  });

  it.each(['', '{', '{"a":"', '{"a":1', '[{"a":1},{"a":', '"a","b', '{"a":nothing,"b":1,', '1,2,'])(
    'has no members in %j',
    (text) => {
      expect(beginningOf(text)).toBeUndefined();
    },
  );

  it('is not searched for members in a text that is whole: what is not JSON is not guessed', () => {
    const bytes = Buffer.from('{"a":1,"b":');
    expect(parseText({ bytes, truncated: false })).toBeUndefined();
    expect(parseText({ bytes: Buffer.from('{"a":1}'), truncated: false })).toEqual({ a: 1 });
  });
});
