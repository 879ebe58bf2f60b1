/** Whatever a caller sends, what is wrong with it is said in words of the interface: never in those of its parser. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../../shared/api/all.ts';
import { describeIssue } from '../../../shared/describe-issue.ts';
import { isObject } from '../../../shared/json.ts';
import { foreignWords } from '../../support/foreign-words.ts';

const hostile: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e21, '', ' ', 'x', '\u0000', 'x'.repeat(20_000)],
  ...[[], {}, [null], [[]], [{}], ['x', 1], { x: 1 }, { constructor: 1, toString: null }],
  ...['2026-02-30', '2026-03-01T00:00:00+99:00', 'https://localhost', '*'],
];

const operations = allOperations();

/** Every message about the value, whichever of them would be shown. */
function messagesAbout(schema: z.ZodType, value: unknown): readonly string[] {
  const result = schema.safeParse(value, { error: describeIssue });
  return result.success ? [] : result.error.issues.map(({ message }) => message);
}

/** The value in the place of every member that the schema describes, at any depth. */
function placesIn(schema: unknown, value: unknown, depth = 4): readonly unknown[] {
  if (!isObject(schema) || depth === 0) return [value];
  const inMembers = Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).flatMap(
    ([name, member]) => placesIn(member, value, depth - 1).map((one) => ({ [name]: one })),
  );
  const inItems = 'items' in schema ? placesIn(schema['items'], value, depth - 1).map((one) => [one]) : [];
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const choices: unknown = schema[key];
    return Array.isArray(choices) ? choices.flatMap((one) => placesIn(one, value, depth - 1)) : [];
  });
  return [value, ...inMembers, ...inItems, ...others];
}

const withBody = operations.flatMap(({ id, body }) => (body === undefined ? [] : [[id, body] as const]));
const withQuery = operations.flatMap(({ id, query }) => (query === undefined ? [] : [[id, query] as const]));

describe('a hostile body', () => {
  it.each(withBody)('of %s', (_id, body) => {
    const described = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' });
    const values = hostile.flatMap((value) => placesIn(described, value));
    const messages = new Set(values.flatMap((value) => messagesAbout(body, value)));
    expect([...messages].filter((message) => foreignWords.test(message))).toEqual([]);
    expect(messages.size).toBeGreaterThan(1);
  });

  it('of any shape', () => {
    fc.assert(
      fc.property(fc.constantFrom(...withBody), fc.jsonValue(), ([, body], value) =>
        messagesAbout(body, value).every((message) => !foreignWords.test(message)),
      ),
      { numRuns: 500 },
    );
  });
});

describe('a hostile query', () => {
  it.each(withQuery)('of %s', (_id, query) => {
    const texts = [
      '',
      ' ',
      'x',
      ',',
      '"',
      "'",
      '-1',
      '1e9',
      '%',
      '2026-02-30',
      '1.2.3.4/99',
      'x'.repeat(20_000),
    ];
    const lists = [...texts.map((text) => [text]), ['x', 'y'], [], Array.from({ length: 300 }, () => 'x')];
    const messages = Object.keys(query.shape).flatMap((name) =>
      lists.flatMap((list) => messagesAbout(query, { [name]: list })),
    );
    // The filter language says itself what it expects, and where.
    const ours = messages.filter((message) => !message.startsWith('is invalid at character'));
    expect(ours.filter((message) => foreignWords.test(message))).toEqual([]);
  });
});
