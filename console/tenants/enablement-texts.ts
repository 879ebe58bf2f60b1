/** An enablement and its steps in words. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';

type Enablement = AnswerTo<'GetEnablement'>;
export type Step = Enablement['steps'][number];

interface Said {
  readonly tone: Tone;
  readonly text: string;
}

const statuses: Readonly<Record<Enablement['status'], Said>> = {
  NotStarted: { tone: 'busy', text: 'Waiting to start' },
  Running: { tone: 'busy', text: 'Running' },
  Succeeded: { tone: 'good', text: 'Auditing is on' },
  PartiallySucceeded: { tone: 'warning', text: 'Partly done: some steps failed' },
  Failed: { tone: 'bad', text: 'Failed' },
  Canceled: { tone: 'neutral', text: 'Canceled: what was changed stays' },
};

export function statusTexts({ status, dryRun }: Pick<Enablement, 'status' | 'dryRun'>): Said {
  if (dryRun && status === 'Succeeded') return { tone: 'good', text: 'The preview is complete' };
  if (dryRun && status === 'Canceled') return { tone: 'neutral', text: 'Canceled' };
  return statuses[status];
}

const stepStatuses: Readonly<Record<Step['status'], Said>> = {
  NotStarted: { tone: 'neutral', text: 'Not started' },
  Running: { tone: 'busy', text: 'Running' },
  Waiting: { tone: 'busy', text: 'Waiting for Microsoft' },
  Succeeded: { tone: 'good', text: 'Done' },
  AlreadyDone: { tone: 'good', text: 'As wanted' },
  Skipped: { tone: 'neutral', text: 'Skipped' },
  Failed: { tone: 'bad', text: 'Failed' },
  Canceled: { tone: 'neutral', text: 'Canceled' },
};

/** @param isPreview nothing was changed */
export function stepTexts(
  { status, changes = [] }: Pick<Step, 'status' | 'changes'>,
  isPreview: boolean,
): Said {
  if (isPreview && status === 'Succeeded' && changes.length > 0)
    return { tone: 'warning', text: 'Would change' };
  return stepStatuses[status];
}

export const stepNames: Readonly<Record<Step['name'], string>> = {
  customization: 'Organization can be changed',
  unifiedAuditLog: 'Unified audit log',
  organizationAuditing: 'Mailbox auditing of the organization',
  mailboxes: 'Mailboxes',
  bypasses: 'Users exempt from auditing',
  subscriptions: 'Subscriptions to the feed',
  verification: 'Verification',
};

/** Of all steps. */
export function changesIn(steps: readonly Pick<Step, 'changes'>[]): number {
  return steps.reduce((sum, { changes = [] }) => sum + changes.length, 0);
}

/** `total 66, wrong 12`: the members of what a step found, as a person reads them. */
export function valuesText(values: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${spaced(name)}: ${valueText(value)}`)
    .join(', ');
}

function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueText(value: unknown): string {
  if (value === true) return 'on';
  if (value === false) return 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join('; ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
