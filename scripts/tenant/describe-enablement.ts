/** An enablement as progress lines, and as the table at its end. */
import type { Enablement, Step } from './answers.ts';
import { toMinute } from './describe-tenant.ts';
import { drawTable } from './terminal-text.ts';

const open = ['NotStarted', 'Running', 'Waiting'];

export function isFinished({ status }: Pick<Enablement, 'status'>): boolean {
  return status !== 'NotStarted' && status !== 'Running';
}

/** One line: how far it is, and what it does or waits for. */
export function describeProgress({ percentComplete, status, steps }: Enablement): string {
  const step = steps.find((each) => open.includes(each.status));
  const what = step === undefined ? status : `${step.name}: ${describeStep(step)}`;
  return `${String(percentComplete).padStart(3)} %  ${what}`;
}

function describeStep({ status, changes, nextAttemptDateTime, errorMessage }: Step): string {
  if (status !== 'Waiting') return `${status}${changes?.length ? `, ${countOf(changes)}` : ''}`;
  const until = nextAttemptDateTime ? ` until ${toMinute(nextAttemptDateTime)}` : '';
  return `Waiting${until}${errorMessage ? `: ${errorMessage.split('\n')[0] ?? ''}` : ''}`;
}

/** The steps with before and after, then what a dry run would change, then what went wrong and how to cure it. */
export function describeEnablement(enablement: Enablement): string {
  const { dryRun, status, steps } = enablement;
  const asked = steps.filter((step) => step.status !== 'Skipped');
  return [
    drawTable(
      ['Step', 'Status', 'Before → after', dryRun ? 'Would change' : 'Changes'],
      asked.map((step) => [step.name, step.status, describeValues(step), String(step.changes?.length ?? 0)]),
    ),
    ...(dryRun ? [listChanges(asked)] : []),
    ...asked.flatMap(describeError),
    `${dryRun ? 'The dry run' : 'The enablement'} ended: ${status}.`,
  ].join('\n\n');
}

function describeError({ name, errorCode, errorMessage }: Step): readonly string[] {
  if (!errorCode && !errorMessage) return [];
  const lines = (errorMessage ?? '').split('\n').map((line) => `  ${line}`);
  return [[`${name}: ${errorCode ?? 'failed'}`, ...lines].join('\n')];
}

function listChanges(steps: readonly Step[]): string {
  const changes = steps.flatMap(({ name, changes: some }) =>
    (some ?? []).map((change) => `  ${name}: ${change}`),
  );
  if (changes.length === 0) return 'Nothing would be changed.';
  return [`It would make ${countOf(changes)}:`, ...changes].join('\n');
}

function countOf({ length }: readonly unknown[]): string {
  return `${length} ${length === 1 ? 'change' : 'changes'}`;
}

type Values = Readonly<Record<string, unknown>>;

/** A line for each value: what it was, and what it is where that is known and differs. */
function describeValues({ before, after }: Pick<Step, 'before' | 'after'>): readonly string[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.map((name) => {
    const values = [before, after].flatMap((some) => (isIn(some, name) ? [describeValue(some[name])] : []));
    return `${name}: ${[...new Set(values)].join(' → ')}`;
  });
}

function isIn(values: Values | null | undefined, name: string): values is Values {
  return values !== null && values !== undefined && Object.hasOwn(values, name);
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
