/** An enablement as progress lines, and as the table at its end. */
import { counted, drawTable } from '../command-line/terminal-text.ts';
import type { Enablement } from './api.ts';
import { toMinute } from './describe-tenant.ts';

type Step = Enablement['steps'][number];

const unfinished = ['NotStarted', 'Running', 'Waiting'];

/** One line: percentage, and the current step or what it waits for. */
export function describeProgress({ percentComplete, status, steps }: Enablement): string {
  const step = steps.find((each) => unfinished.includes(each.status));
  const what = step === undefined ? status : `${step.name}: ${describeStep(step)}`;
  return `${String(percentComplete).padStart(3)} %  ${what}`;
}

function describeStep({ status, changes, nextAttemptDateTime, errorMessage }: Step): string {
  if (status !== 'Waiting')
    return `${status}${changes?.length ? `, ${counted(changes.length, 'change')}` : ''}`;
  const until = nextAttemptDateTime ? ` until ${toMinute(nextAttemptDateTime)}` : '';
  return `Waiting${until}${errorMessage ? `: ${errorMessage.split('\n')[0] ?? ''}` : ''}`;
}

/** The steps with values before and after, what a dry run would change, and errors with their fixes. */
export function describeEnablement({ dryRun, status, steps }: Enablement): string {
  const requested = steps.filter((step) => step.status !== 'Skipped');
  const table = drawTable(
    ['Step', 'Status', 'Before → after', dryRun ? 'Would change' : 'Changes'],
    requested.map((step) => [
      step.name,
      step.status,
      describeValues(step),
      String(step.changes?.length ?? 0),
    ]),
  );
  return [
    table,
    ...(dryRun ? [listChanges(requested)] : []),
    ...requested.flatMap(describeError),
    `${dryRun ? 'The dry run' : 'The enablement'} ended: ${status}.`,
  ].join('\n\n');
}

function describeError({ name, errorCode, errorMessage }: Step): readonly string[] {
  if (!errorCode && !errorMessage) return [];
  const lines = (errorMessage ?? '').split('\n').map((line) => `  ${line}`);
  return [[`${name}: ${errorCode ?? 'failed'}`, ...lines].join('\n')];
}

function listChanges(steps: readonly Step[]): string {
  const changes = steps.flatMap(({ name, changes: some = [] }) =>
    some.map((change) => `  ${name}: ${change}`),
  );
  if (changes.length === 0) return 'Nothing would change.';
  return [`It would make ${counted(changes.length, 'change')}:`, ...changes].join('\n');
}

/** A line for each value: before, and after where that is known and differs. */
function describeValues({ before = {}, after = {} }: Pick<Step, 'before' | 'after'>): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((name) => {
    const values = [before, after].filter((some) => Object.hasOwn(some, name));
    const texts = values.map((some) => describeValue(some[name]));
    return `${name}: ${[...new Set(texts)].join(' → ')}`;
  });
}

const mostNamed = 4;

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return describeList(value);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, each]) => `${name} ${describeValue(each)}`)
      .join(', ');
  }
  return String(value);
}

function describeList(values: readonly unknown[]): string {
  if (values.length === 0) return 'none';
  return values.length > mostNamed ? String(values.length) : values.map(describeValue).join(', ');
}
