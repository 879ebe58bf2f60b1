/** How long after its cause an alert fires: docs/operations.md matches the rules. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logRules, minutesOf, queryOf } from './alert-rules.ts';

const operations = readFileSync('docs/operations.md', 'utf8');

/** Telemetry takes up to so many minutes to arrive. */
const late = 10;
const betweenWatches = 15;
const betweenPolls = 5;
/** Of the setting AUDITKEEP_POLL_CEILING_MINUTES: as it is by itself, and as operations.md allows. */
const ceiling = 30;
const highestCeiling = 50;

const lookBack = Number(/ago\((\d+)m\)/.exec(queryOf('silence'))?.[1]);

function everyOf(name: string): number {
  return minutesOf(logRules.find((rule) => rule.name === name)?.every ?? '');
}

/** Until the last good measurement is out of the window, and the rule is evaluated. */
function untilItLasted(name: string): number {
  return minutesOf(logRules.find((rule) => rule.name === name)?.window ?? '') + everyOf(name);
}

const longest: Readonly<Record<string, number>> = {
  Silence: lookBack + everyOf('silence'),
  'Completeness behind': untilItLasted('completeness-behind'),
  'Destination behind': untilItLasted('destination-behind'),
  'Tenant unmeasured': untilItLasted('tenant-unmeasured'),
  'Retention behind': untilItLasted('retention-behind'),
  'Gap recorded': betweenWatches + late + everyOf('gap-recorded'),
  'Poison messages': betweenWatches + late + everyOf('poison'),
  'Consent lost': betweenWatches + late + everyOf('consent-lost'),
  'Auditing switched off': late + everyOf('auditing-switched-off'),
  'Audit posture drift': late + everyOf('posture-drift'),
};

describe('docs/operations.md', () => {
  it.each(Object.entries(longest))('says that %s fires within %i minutes', (title, minutes) => {
    expect(operations).toMatch(new RegExp(`^\\| ${title} \\| ${minutes} \\| `, 'm'));
  });

  it('says so for all rules over logs except that of the credential, which is in days', () => {
    const titles = logRules.map(({ title }) => title).filter((title) => title !== 'Credential expiry');
    expect(Object.keys(longest).sort()).toEqual(titles.sort());
  });

  it('is right that silence is reported within an hour and a half', () => {
    expect(operations).toMatch(/Silence\]\(#silence\)\s+fires within an hour and a half/);
    expect(longest['Silence']).toBeLessThanOrEqual(90);
  });
});

describe('silence', () => {
  it('covers an hour and the delay of telemetry, within its window', () => {
    expect(lookBack).toBe(60 + late);
    expect(logRules.find(({ name }) => name === 'silence')?.window).toBe('PT2H');
  });

  it('tolerates a quiet tenant, whose next poll may run with the timer after it is due', () => {
    expect(operations).toContain(`keep the ceiling at ${highestCeiling} or less`);
    expect(readFileSync('docs/configuration.md', 'utf8')).toMatch(
      new RegExp(`AUDITKEEP_POLL_CEILING_MINUTES.*\\b${ceiling}\\b`),
    );
    expect(highestCeiling + betweenPolls + late).toBeLessThan(lookBack);
  });
});

describe('rules that need two measurements', () => {
  it.each(['completeness-behind', 'tenant-unmeasured'])('%s has room for them in its window', (name) => {
    const window = untilItLasted(name) - everyOf(name);
    expect(Math.floor((window - late) / betweenWatches)).toBeGreaterThanOrEqual(2);
  });
});
