/** docs/detection.md lists the rules of the pack and the computed members; its examples are rules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { derivedMembers } from '../../../shared/detection/conditions/derived-members.ts';
import { whyNotCompiled } from '../../../shared/detection/evaluate.ts';
import { ownRuleSchema, ruleOf } from '../../../shared/detection/own-rule.ts';
import { packRules } from '../../../shared/detection/pack/pack.ts';
import { parseSigma } from '../../../shared/detection/sigma/parse-sigma.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'detection.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| '));

const examplesIn = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

it('has a row for each rule of the pack, in their order, with its words', () => {
  const expected = packRules.map(
    ({ id, title, severity, description }) => `| \`${id}\` | ${title} | ${severity} | ${description} |`,
  );
  expect(rows.slice(-expected.length)).toEqual(expected);
});

it('has a row for each computed member', () => {
  for (const [name, { description }] of Object.entries(derivedMembers))
    expect(rows).toContain(`| \`${name}\` | ${description} |`);
});

it('has examples of own rules that can be compiled', () => {
  const examples = examplesIn('json');
  expect(examples.length).toBeGreaterThan(3);
  for (const example of examples)
    expect(whyNotCompiled(ruleOf('example', ownRuleSchema.parse(JSON.parse(example))))).toBeUndefined();
});

it('has examples of Sigma rules that can be read', () => {
  const examples = examplesIn('yaml');
  expect(examples.map((example) => parseSigma(example).length)).toEqual([1, 1]);
});
