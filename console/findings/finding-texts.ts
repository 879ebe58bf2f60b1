/** What the console says about findings. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';

export type Finding = AnswerTo<'GetFinding'>;
export type Severity = Finding['severity'];

interface Said {
  readonly tone: Tone;
  readonly text: string;
}

/** In ascending order. */
export const severityTexts: Readonly<Record<Severity, Said>> = {
  informational: { tone: 'neutral', text: 'Informational' },
  low: { tone: 'neutral', text: 'Low' },
  medium: { tone: 'warning', text: 'Medium' },
  high: { tone: 'bad', text: 'High' },
  critical: { tone: 'bad', text: 'Critical' },
};

// The table has a row for each.
export const severities = Object.keys(severityTexts) as readonly Severity[];

export const stateTexts: Readonly<Record<Finding['state'], Said>> = {
  new: { tone: 'warning', text: 'New' },
  seen: { tone: 'busy', text: 'Seen' },
  closed: { tone: 'good', text: 'Closed' },
};

/** Which of its records a finding names: it counts all, and names the first ten. */
export function recordsText({ records, count, countIsExact }: Finding): string {
  if (!countIsExact) return `The first ${records.length} of about ${count.toLocaleString('en')}.`;
  if (count > records.length) return `The first ${records.length} of ${count.toLocaleString('en')}.`;
  return count === 1 ? 'The only one.' : `All ${count}.`;
}

/** Addresses that a rule refers to may be any text: only those of the web are links. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}
