import { describe, expect, test } from 'vitest';
import { describeIssue } from '../../../shared/describe-issue.ts';
import { parseDuration } from '../../../shared/detection/durations.ts';
import { ownRuleSchema, ruleOf } from '../../../shared/detection/own-rule.ts';

const operation = { op: 'equals', member: 'operation', values: ['FileDownloaded'] };

function problemOf(rule: unknown): string | undefined {
  const result = ownRuleSchema.safeParse(rule, { error: describeIssue });
  const issue = result.error?.issues[0];
  return issue && `${issue.path.join('.')} ${issue.message}`;
}

test('a filter is enough: it fires at each record, by user', () => {
  const filter = "operation eq 'FileDownloaded'";
  expect(ruleOf('id', ownRuleSchema.parse({ title: 'Downloads', filter }))).toEqual({
    ...{ id: 'id', title: 'Downloads', description: '', nextSteps: '', severity: 'medium' },
    ...{ condition: { op: 'filter', filter }, groupBy: ['userId'], window: 'PT1H' },
    trigger: { kind: 'count', atLeast: 1 },
  });
});

test('a filter and a condition both have to hold', () => {
  const parsed = ownRuleSchema.parse({ title: 'x', filter: "userId eq 'a'", condition: operation });
  expect(ruleOf('id', parsed).condition).toEqual({
    op: 'all',
    conditions: [{ op: 'filter', filter: "userId eq 'a'" }, operation],
  });
});

test('records of a sequence are those of any step', () => {
  const steps = [
    { name: 'a', condition: operation },
    { name: 'b', condition: { op: 'exists', member: 'Parameters.ForwardTo' } },
  ];
  const parsed = ownRuleSchema.parse({ title: 'x', trigger: { kind: 'sequence', ordered: true, steps } });
  expect(ruleOf('id', parsed).condition).toEqual({
    op: 'any',
    conditions: steps.map(({ condition }) => condition),
  });
});

describe('what is wrong is said', () => {
  const nested = Array.from({ length: 3000 }).reduce<unknown>(
    (condition) => ({ op: 'not', condition }),
    operation,
  );
  const many = Array.from({ length: 201 }, () => operation);
  const costly = { ...operation, op: 'regex', values: Array.from({ length: 101 }, () => 'a') };
  const repeated = { ...operation, op: 'regex', values: ['(.*a){1,900}'] };
  test.each([
    [{ title: 'x', condition: repeated }, 'condition has more than 2000 comparisons'],
    [{ title: 'x', condition: costly }, 'condition has more than 2000 comparisons'],
    [
      { title: 'x', condition: operation, raiseTo: [{ severity: 'high', condition: costly }] },
      'has more than 2000',
    ],
    [{ title: 'x', condition: operation, references: ['javascript:alert(1)'] }, 'references.0 '],
    [{ title: 'x' }, 'condition is required, unless there is a filter'],
    [{ title: 'x', condition: { op: 'equal', member: 'operation', values: ['a'] } }, 'condition.op '],
    [{ title: 'x', condition: { ...operation, value: 'a' } }, 'condition is unknown'],
    [{ title: 'x', condition: { ...operation, member: 'operaton' } }, "Did you mean 'operation'?"],
    [
      { title: 'x', condition: { op: 'cidr', member: 'clientIp', values: ['192.0.2.1'] } },
      'must be a network',
    ],
    [{ title: 'x', filter: 'operation eq' }, 'filter is invalid at character 13'],
    [{ title: 'x', condition: { op: 'filter', filter: '(' } }, 'condition.filter is invalid at character 2'],
    [{ title: 'x', condition: operation, window: 'P8D' }, 'window must be a duration'],
    [{ title: 'x', condition: operation, trigger: { kind: 'count', atLeast: 1001 } }, 'must not exceed 1000'],
    [{ title: 'x', condition: nested }, 'condition is nested deeper than 20 levels'],
    [{ title: 'x', condition: { op: 'any', conditions: many } }, 'condition has more than 200 conditions'],
  ])('%#', (rule, problem) => {
    expect(problemOf(rule)).toContain(problem);
  });
});

test.each([
  ['PT15M', 900],
  ['P7D', 604_800],
  ['P1DT2H3M4S', 93_784],
  ['PT90S', 90],
  ['P', undefined],
  ['PT', undefined],
  ['P1Y', undefined],
  ['15m', undefined],
])('%s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds === undefined ? undefined : seconds * 1000);
});
