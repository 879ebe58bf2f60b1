import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../../shared/detection/evaluate.ts';
import { parseSigma } from '../../../../shared/detection/sigma/parse-sigma.ts';
import { firingsOf } from '../../../../shared/detection/window/firings.ts';
import { mergeMatches } from '../../../../shared/detection/window/merge-matches.ts';
import { watched } from '../../../support/detection/watched.ts';

const base = (name: string, operation: string) => `title: ${name}
name: ${name}
logsource: { product: m365 }
detection:
  selection: { Operation: ${operation} }
  condition: selection
---
`;
const failed = base('failed', 'UserLoginFailed');
const succeeded = base('succeeded', 'UserLoggedIn');

function correlation(text: string): string {
  return `title: Correlated
level: high
correlation:
${text.replaceAll(/^/gm, '  ')}
`;
}

/** Names of the groups that fire, by the records in the order of their minutes. */
function firing(
  file: string,
  records: readonly (readonly [minute: number, Operation: string, more?: object | undefined])[],
) {
  const [rule] = parseSigma(file);
  if (rule === undefined) throw new Error('no rule');
  const compiled = compileRules([rule], (_, error) => {
    throw error;
  });
  const found = records.flatMap(([minute, Operation, more], at) => {
    const CreationTime = new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString().slice(0, 19);
    return compiled.evaluate(watched({ Id: `r${at}`, CreationTime, Operation, UserId: 'ada', ...more }))
      .matches;
  });
  const groups = [...new Set(found.map(({ groupKey }) => groupKey))].map((key) =>
    found.filter(({ groupKey }) => groupKey === key),
  );
  return groups.flatMap((group) => {
    const state = mergeMatches(
      rule.trigger,
      [],
      group.flatMap(({ entries }) => entries),
    );
    const names = group[0]?.group.map(({ value }) => value).join();
    return firingsOf(rule, state, new Date(0)).map(({ records: count }) => `${names ?? ''}: ${count}`);
  });
}

const times = (count: number, operation: string, more?: object) =>
  Array.from({ length: count }, (_, at) => [at, operation, more] as const);

test('event_count counts records of a group', () => {
  const file =
    failed +
    correlation(
      'type: event_count\nrules: [failed]\ngroup-by: [UserId]\ntimespan: 10m\ncondition: { gte: 3 }',
    );
  expect(firing(file, times(3, 'UserLoginFailed'))).toEqual(['ada: 3']);
  expect(firing(file, times(2, 'UserLoginFailed'))).toEqual([]);
  expect(firing(file, [...times(2, 'UserLoginFailed'), [3, 'UserLoginFailed', { UserId: 'bo' }]])).toEqual(
    [],
  );
});

test('gt is one more than gte', () => {
  const file =
    failed +
    correlation('type: event_count\nrules: failed\ngroup-by: UserId\ntimespan: 1h\ncondition: { gt: 3 }');
  expect(parseSigma(file)).toMatchObject([
    { trigger: { kind: 'count', atLeast: 4 }, window: 'PT1H', severity: 'high' },
  ]);
});

test('value_count counts different values of a field', () => {
  const file =
    failed +
    correlation(
      'type: value_count\nrules: [failed]\ngroup-by: [ClientIP]\ntimespan: 10m\ncondition: { field: UserId, gte: 2 }',
    );
  const from = (UserId: string) => ({ UserId, ClientIP: '192.0.2.1' });
  expect(firing(file, times(5, 'UserLoginFailed', from('ada')))).toEqual([]);
  expect(
    firing(file, [...times(1, 'UserLoginFailed', from('ada')), ...times(1, 'UserLoginFailed', from('bo'))]),
  ).toEqual(['192.0.2.1: 2']);
});

test('temporal needs records of every rule, temporal_ordered in their order', () => {
  const file = (type: string) =>
    failed +
    succeeded +
    correlation(`type: ${type}\nrules: [failed, succeeded]\ngroup-by: [UserId]\ntimespan: 10m`);
  const forth = [
    [0, 'UserLoginFailed'],
    [1, 'UserLoggedIn'],
  ] as const;
  const back = [
    [0, 'UserLoggedIn'],
    [1, 'UserLoginFailed'],
  ] as const;
  expect(firing(file('temporal'), back)).toEqual(['ada: 2']);
  expect(firing(file('temporal'), times(3, 'UserLoginFailed'))).toEqual([]);
  expect(firing(file('temporal_ordered'), back)).toEqual([]);
  expect(firing(file('temporal_ordered'), forth)).toEqual(['ada: 2']);
});

test('an alias is another field in each rule', () => {
  const aliases = 'aliases:\n  who:\n    failed: UserId\n    succeeded: ObjectId';
  const file =
    failed +
    succeeded +
    correlation(`type: temporal\nrules: [failed, succeeded]\ngroup-by: [who]\ntimespan: 10m\n${aliases}`);
  expect(
    firing(file, [
      [0, 'UserLoginFailed'],
      [1, 'UserLoggedIn', { ObjectId: 'ada', UserId: 'bo' }],
    ]),
  ).toEqual(['ada: 2']);
  expect(
    firing(file, [
      [0, 'UserLoginFailed'],
      [1, 'UserLoggedIn', { ObjectId: 'bo' }],
    ]),
  ).toEqual([]);
});

test('a rule that a correlation refers to stands alone only if the correlation generates it', () => {
  const text = 'type: event_count\nrules: [failed]\ngroup-by: [UserId]\ntimespan: 10m\ncondition: { gte: 3 }';
  const titles = (file: string) => parseSigma(file).map(({ title }) => title);
  expect(titles(failed + succeeded + correlation(text))).toEqual(['succeeded', 'Correlated']);
  expect(titles(failed + correlation(`${text}\ngenerate: true`))).toEqual(['failed', 'Correlated']);
});

describe('what is not supported is refused', () => {
  const given = (text: string) => failed + correlation(text);
  const complete = 'rules: [failed]\ngroup-by: [UserId]\ntimespan: 10m';
  test.each([
    [
      given(`type: value_avg\n${complete}\ncondition: { field: x, gte: 1 }`),
      "Line 11: 'value_avg' is not supported",
    ],
    [given(`type: event_count\n${complete}\ncondition: { lt: 3 }`), "Line 15: 'lt' is not supported"],
    [
      given(`type: event_count\n${complete}\ncondition: { gte: 3, lte: 5 }`),
      "'condition' must have one of gt and gte",
    ],
    [given(`type: event_count\n${complete}\ncondition: { gte: 5000 }`), "'gte' must be a whole number"],
    [given(`type: value_count\n${complete}\ncondition: { gte: 3 }`), "'field' must be the name of one field"],
    [
      given(`type: event_count\n${complete}\ncondition: { field: UserId, gte: 3 }`),
      "'field' belongs to value_count",
    ],
    [
      given(`type: temporal\n${complete}\ncondition: failed and not x`),
      "'condition' of temporal is not supported",
    ],
    [
      given(`type: event_count\nrules: [other]\ntimespan: 10m\ncondition: { gte: 3 }`),
      "Line 12: 'other' is neither",
    ],
    [
      given(`type: event_count\nrules: [failed]\ntimespan: 8d\ncondition: { gte: 3 }`),
      "Line 13: '8d' is not a time",
    ],
    [
      given(`type: event_count\nrules: [failed]\ngroup-by: [Payload]\ntimespan: 1d\ncondition: { gte: 3 }`),
      "'Payload' cannot",
    ],
    [
      given(
        `type: temporal\nrules: [failed]\ngroup-by: [who]\ntimespan: 1d\naliases: { who: { x: UserId } }`,
      ),
      "'who' has no field of the rule failed",
    ],
  ])('%#', (file, message) => {
    expect(() => parseSigma(file)).toThrow(message);
  });
});
