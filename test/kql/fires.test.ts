/** Rules over logs are run over rows: they fire when they have to, they keep quiet otherwise, and a mistake in them shows. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { logRules, queryOf, type LogRule } from './alert-rules.ts';
import { cases } from './cases.ts';
import { fire, type Case } from './evaluator/fire.ts';
import { mutationsOf } from './evaluator/mutations.ts';

function casesOf({ name }: LogRule): readonly Case[] {
  return cases[name] ?? [];
}

/** The cases that a query answers otherwise than it has to. @throws what the evaluator does not know */
function wrongAnswers(rule: LogRule, query: string): readonly string[] {
  return casesOf(rule)
    .filter(([, reported, alerts]) => !isDeepStrictEqual(fire(rule, query, reported), alerts))
    .map(([when]) => when);
}

it('every rule over logs is tested', () => {
  expect(Object.keys(cases).sort()).toEqual(logRules.map(({ name }) => name).sort());
});

describe.each(logRules)('$name', (rule) => {
  const query = queryOf(rule.name);

  it.each(casesOf(rule))('%s', (_when, reported, alerts) => {
    expect(fire(rule, query, reported)).toEqual(alerts);
  });

  it('is tested both ways', () => {
    const alerting = casesOf(rule).filter(([, , alerts]) => alerts.length > 0);
    expect(alerting.length).toBeGreaterThan(0);
    expect(alerting.length).toBeLessThan(casesOf(rule).length);
  });

  it.each(mutationsOf(query))('fails its tests with %s', (_what, mutated) => {
    expect(wrongAnswers(rule, mutated)).not.toEqual([]);
  });
});

describe('mutations', () => {
  it('turn every comparison, shift every threshold by one step, and leave texts and comments unchanged', () => {
    const query = '// a == b\nT | where Name == "a > b" and Days <= 30';
    expect(mutationsOf(query).map(([what]) => what)).toEqual([
      'T | where Name == -> !=',
      'T | where Name == "a > b" and -> or',
      'T | where Name == "a > b" and Days <= -> >',
      'T | where Name == "a > b" and Days <= -> <',
      'T | where Name == "a > b" and Days <= 30 -> 31',
      'T | where Name == "a > b" and Days <= 30 -> 29',
    ]);
  });
});
