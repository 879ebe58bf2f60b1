/** What the console says about watches. */
import type { AnswerTo, PostBody } from '../api/paths.ts';
import { severities, type Severity } from '../findings/finding-texts.ts';
import type { Tone } from '../parts/tone.ts';

export type Watch = AnswerTo<'ListWatches'>['value'][number];
export type Suppression = Watch['suppressions'][number];
export type PackRule = AnswerTo<'ListPackRules'>['value'][number];

export type NewWatch = PostBody<'/watches'>;
export type NewSuppression = PostBody<'/watches/{watchId}/suppressions'>;
/** Exactly one of them. */
export type RuleSource = Pick<NewWatch, 'pack' | 'sigma' | 'rule'>;

interface Said {
  readonly tone: Tone;
  readonly text: string;
}

export const statusTexts: Readonly<Record<Watch['status'], Said>> = {
  active: { tone: 'good', text: 'Active' },
  disabled: { tone: 'neutral', text: 'Paused' },
  failing: { tone: 'warning', text: 'A rule fails' },
};

/** All rules of the pack, those included that later versions have. */
export const wholePack = '*';

/** Where the rules of a watch are from, in a few words. */
export function sourceText({ pack, sigma }: Pick<Watch, 'pack' | 'sigma'>): string {
  if (pack?.includes(wholePack) === true) return 'All rules of the pack';
  if (pack !== undefined)
    return pack.length === 1 ? '1 rule of the pack' : `${pack.length} rules of the pack`;
  return sigma === undefined ? 'A rule of your own' : 'Sigma rules';
}

/** The rules as they are sent again. */
export function sourceOf({ pack, sigma, rule }: Watch): RuleSource {
  if (pack !== undefined) return { pack };
  return sigma === undefined ? { rule: rule ?? {} } : { sigma };
}

/** What matters most first. */
export function bySeverity<One extends { readonly severity: Severity }>(
  rules: readonly One[],
): readonly One[] {
  return rules.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}

/** From 1; undefined if a refusal names no line. @param message of the API */
export function lineIn(message: string): number | undefined {
  const [, line] = /^Line (\d+):/.exec(message) ?? [];
  return line === undefined ? undefined : Number(line);
}

/** Where a line is in a text, without its end. @param line from 1 */
export function placeOfLine(text: string, line: number): { readonly start: number; readonly end: number } {
  const lines = text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return { start, end: start + (lines[line - 1]?.length ?? 0) };
}

/** What a suppression passes over. */
export function suppressedText(
  { member, values = [] }: Suppression,
  nameOf: (member: string) => string,
): string {
  return member === undefined ? 'All records' : `${nameOf(member)}: ${values.join(', ')}`;
}

/** Records of later times match again. */
export function hasEnded({ endDateTime }: Suppression, now: Date): boolean {
  return new Date(endDateTime) <= now;
}
