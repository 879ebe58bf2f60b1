/** What a finding says fits into a column of storage, and what is left out is counted. */
import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deriveFinding } from '../../../shared/detection/derive-finding.ts';
import { maxFindingRecords } from '../../../shared/detection/finding.ts';
import type { Rule } from '../../../shared/detection/rule.ts';

const at = new Date(Date.UTC(2026, 2, 2, 8));
const rule: Rule = {
  ...{ id: 'r', title: 'Rule', description: '', nextSteps: 'Ask Anna.', severity: 'high' },
  ...{ condition: { op: 'all', conditions: [] }, groupBy: [], window: 'PT1H' },
  trigger: { kind: 'count', atLeast: 1 },
};

/** Nothing of it can be compressed. */
const random = (length: number) => randomBytes(2 * length).toString('utf16le');

function derived(more: Partial<Rule>, sentence: string) {
  const heads = Array.from({ length: maxFindingRecords }, () => ({
    ...{ id: randomUUID(), record: 'd', createdDateTime: at, severity: 'high' as const },
    sentence,
  }));
  const known = {
    findingId: randomUUID(),
    from: at.getTime(),
    to: at.getTime(),
    count: 10,
    countIsExact: true,
  };
  const group = Array.from({ length: 5 }, () => ({ member: random(3000), value: random(1000) }));
  return deriveFinding(
    { rule: { ...rule, ...more }, group, severity: undefined },
    { known: { ...known, severity: 'high', named: '', revision: 1, isDue: true }, heads },
  );
}

describe('a finding', () => {
  it('fits into a column of 64 KiB, whatever the rule and the records say', () => {
    const references = Array.from({ length: 20 }, () => random(2000));
    const texts = { author: random(20_000), license: random(20_000), nextSteps: random(20_000) };
    const { rule: shown, ...finding } = derived(
      { ...texts, id: random(256), title: random(256), references },
      random(1000),
    );
    const { sentence, group, records } = finding;
    const stored = gzipSync(JSON.stringify({ rule: shown, sentence, group, records }));
    expect(stored.length).toBeLessThan(60 * 1024);
    expect(shown.references).toEqual(references.slice(0, 2));
    expect(shown.nextSteps).toMatch(
      / … \(cut; 20000 characters in all\)\n\(References .* not shown here: 18\)$/u,
    );
    expect([shown.author?.length, shown.license?.length, records.length]).toEqual([500, 500, 10]);
  });

  it('has the texts of a usual rule as they are', () => {
    const references = ['https://rules.example/one', 'https://rules.example/two'];
    const texts = { author: 'Auditkeep', license: 'MIT', nextSteps: 'Ask Anna. '.repeat(300), references };
    expect(derived(texts, 'Anna did it.').rule).toEqual({ id: 'r', title: 'Rule', ...texts });
  });
});
