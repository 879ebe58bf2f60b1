/** What notifies the on-call engineer: every alert has its query, says what it means, and has a heading in docs/operations.md. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { watchedAlerts, type Watched } from '../support/watched-alerts.ts';
import { logRules, metricRules, minutesOf, queryOf } from './alert-rules.ts';
import { namesIn } from './names.ts';
import { alertQueries, nameOf } from './queries.ts';

const bicep = readFileSync('infra/modules/alerts.bicep', 'utf8');
const operations = readFileSync('docs/operations.md', 'utf8');
const allRules = [...logRules, ...metricRules];

/** What each rule lives on. */
const watched = new Map<string, Watched>(Object.entries(watchedAlerts));

function isWatching({ name }: { readonly name: string }): boolean {
  const wanted = watched.get(name);
  if (wanted === undefined) return false;
  if ('platform' in wanted)
    return metricRules.some((rule) => rule.name === name && rule.metric === wanted.platform);
  const names = namesIn(queryOf(name));
  return Object.values(wanted).every((report) => names.includes(report));
}

describe('rules over logs', () => {
  it('have a query each, which the template loads', () => {
    const names = logRules.map(({ name }) => name).sort();
    expect(alertQueries.map(nameOf)).toEqual(names);
    const loaded = Array.from(
      bicep.matchAll(/loadTextContent\('..\/alerts\/(.*)\.kql'\)/g),
      ([, name]) => name,
    );
    expect(loaded.sort()).toEqual(names);
  });

  it.each(logRules)(
    '$name covers more than the time between two evaluations, as telemetry arrives late',
    (rule) => {
      expect(minutesOf(rule.window)).toBeGreaterThanOrEqual(2 * minutesOf(rule.every));
    },
  );

  it.each(logRules)('$name is evaluated at most every 15 minutes, which determines its cost', (rule) => {
    expect(minutesOf(rule.every)).toBeGreaterThanOrEqual(15);
  });
});

describe('all rules', () => {
  it('are all fired by a test of the product', () => {
    expect(allRules.map(({ name }) => name).sort()).toEqual([...watched.keys()].sort());
  });

  it.each(allRules)('$name watches what that test causes', (rule) => {
    expect(isWatching(rule)).toBe(true);
  });

  it('have unique names and headings', () => {
    expect(new Set(allRules.map(({ name }) => name)).size).toBe(allRules.length);
    expect(new Set(allRules.map(({ title }) => title)).size).toBe(allRules.length);
  });

  it.each(allRules)('$name has the heading "$title" in docs/operations.md', ({ title }) => {
    expect(operations).toContain(`\n### ${title}\n`);
  });

  it('name that heading in their descriptions', () => {
    const descriptions = Array.from(bicep.matchAll(/^ +description: (.*)$/gm), ([, text]) => text);
    const expected = `'\${rule.meaning} What to do: \${runbooks}, "\${rule.title}".'`;
    expect(descriptions).toEqual([expected, expected]);
    expect(bicep).toContain("var runbooks = 'docs/operations.md'");
  });

  it.each(allRules)('$name has a short explanation', ({ meaning }) => {
    expect(meaning).toMatch(/^[A-Z].{40,250}\.$/);
  });
});
