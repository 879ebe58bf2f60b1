import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createWildcard,
  hasWildcards,
  plainTextOf,
} from '../../../../shared/detection/conditions/wildcards.ts';

test.each([
  ['a*c', 'abbc', true],
  ['a*c', 'ac', true],
  ['a*c', 'ab', false],
  ['a*a', 'a', false],
  ['*', '', true],
  ['?', '', false],
  ['*a?c*', 'xxabcxx', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['\\\\*', '\\x', true],
  ['c:\\temp\\*', 'c:\\temp*', true],
  ['c:\\temp\\\\*', 'c:\\temp\\a', true],
])('%s matches %s: %s', (pattern, text, expected) => {
  expect(createWildcard(pattern)(text)).toBe(expected);
});

test('a pattern matches what the regular expression of it does', () => {
  const texts = (letters: string, maxLength: number) =>
    fc.array(fc.constantFrom(...letters.split(',')), { maxLength }).map((all) => all.join(''));
  fc.assert(
    fc.property(texts('a,b,*,?', 8), texts('a,b', 10), (pattern, text) => {
      const expression = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      expect(createWildcard(pattern)(text)).toBe(new RegExp(`^${expression}$`).test(text));
    }),
  );
});

test('a pattern without wildcards stands for a text', () => {
  expect(hasWildcards('a\\*b')).toBe(false);
  expect(plainTextOf('a\\*b\\c')).toBe('a*b\\c');
  expect(hasWildcards('a?')).toBe(true);
});
