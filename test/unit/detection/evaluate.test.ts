import { expect, test } from 'vitest';
import { compileRules, whyNotCompiled } from '../../../shared/detection/evaluate.ts';
import type { Condition } from '../../../shared/detection/conditions/condition.ts';
import { operationsOf } from '../../../shared/detection/conditions/operations-of.ts';
import type { Rule } from '../../../shared/detection/rule.ts';
import { watched } from '../../support/detection/watched.ts';

function rule(id: string, condition: Condition, more: Partial<Rule> = {}): Rule {
  return {
    ...{ id, title: id, description: '', nextSteps: '', severity: 'low', condition },
    ...{ groupBy: ['userId'], window: 'PT1H', trigger: { kind: 'count', atLeast: 1 } },
    ...more,
  };
}

const operation = (...values: string[]): Condition => ({ op: 'equals', member: 'operation', values });
const broken: Condition = { op: 'regex', member: 'operation', values: ['('] };
const fail = (_: Rule, error: unknown) => {
  throw error;
};
const added = { Id: '1', Operation: 'Add-MailboxPermission', UserId: 'Ada@contoso.example' };

test('a record matches the rules whose conditions hold, in their order', () => {
  const rules = [
    rule('a', operation('add-mailboxpermission')),
    rule('b', operation('Set-Mailbox')),
    rule('c', { op: 'exists', member: 'userId' }),
  ];
  const { matches } = compileRules(rules, fail).evaluate(watched(added));
  expect(matches.map((match) => match.rule.id)).toEqual(['a', 'c']);
});

test('records meet only rules that can match their operation', () => {
  const rules = Array.from({ length: 50 }, (_, at) => rule(`${at}`, operation(`Operation${at}`)));
  const compiled = compileRules(rules, fail);
  expect(compiled.evaluate(watched(added)).comparisons).toBe(0);
  expect(compiled.evaluate(watched({ Operation: 'operation7' })).comparisons).toBe(1);
});

test('a rule that cannot be compiled is reported, and others are evaluated', () => {
  const failed: string[] = [];
  const compiled = compileRules(
    [rule('a', broken), rule('b', operation('Add-MailboxPermission'))],
    ({ id }) => {
      failed.push(id);
    },
  );
  expect(compiled.evaluate(watched(added)).matches).toHaveLength(1);
  expect(failed).toEqual(['a']);
  expect(whyNotCompiled(rule('a', broken))).toContain('missing closing )');
  expect(whyNotCompiled(rule('b', operation('x')))).toBeUndefined();
});

test('a rule that fails at a record is reported, and others are evaluated', () => {
  const failed: string[] = [];
  const rules = [
    rule('a', { op: 'exists', member: 'Anything' }),
    rule('b', operation('Add-MailboxPermission')),
  ];
  const unreadable = watched(added);
  const parsed = () => {
    throw new Error('unreadable');
  };
  const { matches } = compileRules(rules, ({ id }) => failed.push(id)).evaluate({
    ...unreadable,
    text: { ...unreadable.text, parsed },
  });
  expect(failed).toEqual(['a']);
  expect(matches.map((match) => match.rule.id)).toEqual(['b']);
});

test('the group is named as delivered, and spellings that count as the same are one group', () => {
  const compiled = compileRules([rule('a', operation('Add-MailboxPermission'))], fail);
  const [one] = compiled.evaluate(watched(added)).matches;
  const [other] = compiled.evaluate(watched({ ...added, UserId: ' ada@CONTOSO.example' })).matches;
  const [bo] = compiled.evaluate(watched({ ...added, UserId: 'bo@contoso.example' })).matches;
  expect(one?.group).toEqual([{ member: 'userId', value: 'Ada@contoso.example' }]);
  expect(other?.groupKey).toBe(one?.groupKey);
  expect(bo?.groupKey).not.toBe(one?.groupKey);
});

test('the highest severity that a condition raises to counts', () => {
  const raising = rule('a', operation('Add-MailboxPermission'), {
    raiseTo: [
      { severity: 'high', condition: { op: 'equals', member: 'userId', values: ['ada@contoso.example'] } },
      { severity: 'medium', condition: { op: 'exists', member: 'userId' } },
    ],
  });
  const compiled = compileRules([raising], fail);
  const severityOf = (UserId: string) =>
    compiled.evaluate(watched({ ...added, UserId })).matches[0]?.severity;
  expect(severityOf('ada@contoso.example')).toBe('high');
  expect(severityOf('bo@contoso.example')).toBe('medium');
});

test('a record without the value that is counted does not match', () => {
  const distinct = rule('a', operation('Add-MailboxPermission'), {
    trigger: { kind: 'distinct', member: 'clientIp', atLeast: 2 },
  });
  const compiled = compileRules([distinct], fail);
  expect(compiled.evaluate(watched(added)).matches).toEqual([]);
  expect(compiled.evaluate(watched({ ...added, ClientIP: '192.0.2.1' })).matches).toHaveLength(1);
});

test('a record of a sequence belongs to its steps, in the group of each', () => {
  const failed = operation('UserLoginFailed');
  const sequence = rule('a', operation('UserLoginFailed', 'Add-MailboxPermission'), {
    groupBy: ['who'],
    trigger: {
      ...{ kind: 'sequence', ordered: true },
      steps: [
        { name: 'failed', condition: failed, groupBy: ['objectId'] },
        { name: 'opened', condition: operation('Add-MailboxPermission'), groupBy: ['userId'] },
      ],
    },
  });
  const compiled = compileRules([sequence], fail);
  const [first] = compiled.evaluate(watched({ Operation: 'UserLoginFailed', ObjectId: 'x' })).matches;
  const [second] = compiled.evaluate(watched({ ...added, UserId: 'X' })).matches;
  expect(first?.group).toEqual([{ member: 'who', value: 'x' }]);
  expect(second?.groupKey).toBe(first?.groupKey);
  expect([first, second].map((match) => match?.entries[0]?.value.slice(0, 2))).toEqual(['00', '01']);
});

test.each<[string, Condition, readonly string[] | undefined]>([
  ['equality', operation('A', ' b '), ['a', 'b']],
  ['a filter', { op: 'filter', filter: "operation in ('A','B') and userId eq 'x'" }, ['a', 'b']],
  ['a filter of anything', { op: 'filter', filter: "operation eq 'A' or userId eq 'x'" }, undefined],
  [
    'all',
    { op: 'all', conditions: [operation('A', 'B'), operation('B', 'C'), { op: 'exists', member: 'Id' }] },
    ['b'],
  ],
  ['any', { op: 'any', conditions: [operation('A'), operation('B')] }, ['a', 'b']],
  ['any of anything', { op: 'any', conditions: [operation('A'), { op: 'exists', member: 'Id' }] }, undefined],
  ['not', { op: 'not', condition: operation('A') }, undefined],
  ['a prefix', { op: 'startsWith', member: 'operation', values: ['A'] }, undefined],
])('operations that %s can match', (_, condition, expected) => {
  expect(operationsOf(condition)).toEqual(expected === undefined ? undefined : new Set(expected));
});

test('records without a value of the group have nothing in common', () => {
  const by = (atLeast: number) =>
    compileRules(
      [
        rule('a', operation('Add-MailboxPermission'), {
          groupBy: ['clientIp'],
          trigger: { kind: 'count', atLeast },
        }),
      ],
      fail,
    ).evaluate(watched(added)).matches;
  expect(by(2)).toEqual([]);
  expect(by(1)).toHaveLength(1);
});
