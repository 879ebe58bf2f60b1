import { expect, test } from 'vitest';
import { memoizeTexts, rememberLast } from '../../shared/lazy.ts';

test('what was made of the last argument is remembered, and of others it is made again', () => {
  let calls = 0;
  const read = rememberLast(({ id }: { readonly id: string }) => `${id}${++calls}`);
  const [one, other] = [{ id: 'a' }, { id: 'b' }];
  expect([one, one, other, other, one].map(read)).toEqual(['a1', 'a1', 'b2', 'b2', 'a3']);
});

test('what was made of a text is remembered, undefined included, of so many texts at most', () => {
  const made: string[] = [];
  const read = memoizeTexts((text) => (made.push(text), text === 'a' ? undefined : text), 2);
  expect(['a', 'a', 'b', 'b'].map(read)).toEqual([undefined, undefined, 'b', 'b']);
  expect(made).toEqual(['a', 'b']);
  for (const text of ['c', 'c', 'a', 'c']) read(text);
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});
