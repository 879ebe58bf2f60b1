/** What the console says about findings and watches, and what it makes of the fields of a new watch. */
import { describe, expect, it } from 'vitest';
import { isWebAddress, severities } from '../../../console/findings/finding-texts.ts';
import { noRules, sourceFrom, windows } from '../../../console/watches/new-rules.ts';
import { bySeverity, lineIn, placeOfLine, sourceText } from '../../../console/watches/watch-texts.ts';
import { packRules } from '../../../shared/detection/pack/pack.ts';
import { rulesOfWatch } from '../../../shared/detection/rules-of-watch.ts';
import { severities as ofApi } from '../../../shared/detection/severity.ts';
import { sourceIn } from '../../../shared/detection/source-in-body.ts';

const rulesFrom = async (...form: Parameters<typeof sourceFrom>) => {
  const source = sourceIn(sourceFrom(...form) ?? {});
  return source === undefined ? undefined : await rulesOfWatch({ watchId: 'w', source });
};

describe('the rules of a new watch', () => {
  it('are all of the pack unless some are chosen', async () => {
    expect(await rulesFrom('pack', noRules, '')).toEqual(packRules);
    const [first, second] = packRules.map(({ id }) => id);
    const chosen = await rulesFrom('pack', { ...noRules, pack: [second ?? '', first ?? ''] }, '');
    expect(chosen?.map(({ id }) => id)).toEqual([second, first]);
  });

  it('are missing until there are some', () => {
    expect(sourceFrom('pack', { ...noRules, pack: [] }, '')).toBeUndefined();
    expect(sourceFrom('sigma', noRules, '')).toBeUndefined();
    expect(sourceFrom('filter', noRules, '')).toBeUndefined();
  });

  it.each(windows)('are a filter that has to match often enough within $text', async ({ value }) => {
    const form = { ...noRules, filter: "operation eq 'FileDownloaded'", atLeast: '50', window: value };
    expect(await rulesFrom('filter', form, 'Downloads')).toMatchObject([
      { title: 'Downloads', trigger: { kind: 'count', atLeast: 50 }, window: value, severity: 'medium' },
    ]);
  });
});

describe('a refusal of Sigma', () => {
  it('names a line, which is found in the text', async () => {
    const text =
      'title: One\nlogsource:\n  product: windows\ndetection:\n  a:\n    EventID: 1\n  condition: a\n';
    const refused = await rulesFrom('sigma', { ...noRules, sigma: text }, '').catch(
      (error: unknown) => error,
    );
    const line = refused instanceof Error ? lineIn(refused.message) : undefined;
    expect(line).toBeGreaterThan(0);
    const { start, end } = placeOfLine(text, line ?? 0);
    expect(text.slice(start, end)).toBe(text.split('\n')[(line ?? 0) - 1]);
  });

  it('that names none is shown as it is', () => {
    expect(lineIn("'sigma' must have at most 40,000 characters.")).toBeUndefined();
  });
});

describe('what the console knows of rules', () => {
  it('has the severities of the API in their order', () => {
    expect(severities).toEqual(ofApi);
    expect(bySeverity([{ severity: 'low' }, { severity: 'critical' }, { severity: 'medium' }])).toEqual([
      { severity: 'critical' },
      { severity: 'medium' },
      { severity: 'low' },
    ]);
  });

  it('says where the rules of a watch are from', () => {
    expect(sourceText({ pack: ['*'] })).toBe('All rules of the pack');
    expect(sourceText({ pack: ['one'] })).toBe('1 rule of the pack');
    expect(sourceText({ sigma: 'title: One' })).toBe('Sigma rules');
    expect(sourceText({})).toBe('A rule of your own');
  });

  it('makes links of addresses of the web only', () => {
    expect(isWebAddress('https://learn.microsoft.com/defender')).toBe(true);
    expect(isWebAddress('javascript:alert(1)')).toBe(false);
    expect(isWebAddress('Internal research')).toBe(false);
  });
});
