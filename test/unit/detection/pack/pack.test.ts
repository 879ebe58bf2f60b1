import { describe, expect, test } from 'vitest';
import { whyNotCompiled } from '../../../../shared/detection/evaluate.ts';
import { operationsOf } from '../../../../shared/detection/conditions/operations-of.ts';
import { ownRuleSchema, ruleOf } from '../../../../shared/detection/own-rule.ts';
import { packRuleOf, packRules } from '../../../../shared/detection/pack/pack.ts';
import { fired } from '../../../support/detection/fired.ts';
import { contentExamples } from './examples/content.ts';
import { directoryExamples } from './examples/directory.ts';
import type { Examples } from './examples/example.ts';
import { mailExamples } from './examples/mail.ts';
import { signInExamples } from './examples/sign-ins.ts';

const examples: Examples = { ...mailExamples, ...directoryExamples, ...signInExamples, ...contentExamples };

test('each rule has examples', () => {
  expect(Object.keys(examples).sort()).toEqual(packRules.map(({ id }) => id).sort());
});

describe.each(packRules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const { fires = [], raises = [], doesNot = [] } = examples[id] ?? {};

  test('fires on its example, with its own severity', () => {
    expect(fired([rule], fires).get(id)).toBe(rule.severity);
  });

  test.each(raises.map(([severity, records]) => ({ severity, records })))(
    'fires with severity $severity where that is due',
    ({ severity, records }) => {
      expect(fired([rule], records).get(id)).toBe(severity);
    },
  );

  test.each(doesNot.map((records) => ({ records })))('does not fire on its counterpart %#', ({ records }) => {
    expect(fired([rule], records).get(id)).toBeUndefined();
  });

  test('is a rule as users may write it, and can be compiled', () => {
    const own = Object.fromEntries(Object.entries(rule).filter(([name]) => name !== 'id'));
    expect(ruleOf(id, ownRuleSchema.parse(own)).title).toBe(rule.title);
    expect(whyNotCompiled(rule)).toBeUndefined();
  });

  test('declares the operations that it can match, so that other records cost nothing', () => {
    expect(operationsOf(rule.condition)?.size).toBeGreaterThan(0);
  });

  test('is found by its id', () => {
    expect(packRuleOf(id)).toBe(rule);
  });
});
