import { expect, it } from 'vitest';
import { rulesOfWatch } from '../../../shared/detection/rules-of-watch.ts';

it('refuses a rule with a regular expression that cannot be read', async () => {
  const condition = { op: 'regex', member: 'operation', values: ['('] };
  const source = { kind: 'rule', rule: { title: 'x', condition } } as const;
  await expect(rulesOfWatch({ watchId: 'w', source })).rejects.toThrow("'rule' cannot be evaluated: ");
});

it('refuses Sigma rules that would be one: they have the same ID', async () => {
  const rule = (operation: string) =>
    `title: Same\nlogsource: {product: m365}\ndetection: {a: {Operation: ${operation}}, condition: a}\n`;
  const text = `${rule('FileDownloaded')}---\n${rule('FileDeleted')}`;
  await expect(rulesOfWatch({ watchId: 'w', source: { kind: 'sigma', text } })).rejects.toThrow(
    "'Same' is the ID, the name, or the title of several rules",
  );
});

it('has a rule of the pack once, however often it is named', async () => {
  const ruleIds = ['inboxRuleForwards', 'inboxRuleForwards'];
  expect(await rulesOfWatch({ watchId: 'w', source: { kind: 'pack', ruleIds } })).toHaveLength(1);
});
