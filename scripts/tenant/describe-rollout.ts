/** A rollout as progress lines, and as the table at its end. */
import { drawTable } from '../command-line/terminal-text.ts';
import type { Rollout, RolloutTenant } from './api.ts';

export function describeRolloutProgress({ percentComplete, ...rollout }: Rollout): string {
  const { runningCount, waitingCount, failedCount } = rollout;
  const counts = `${runningCount} running, ${waitingCount} waiting, ${failedCount} failed`;
  return `${String(percentComplete).padStart(3)} %  ${counts}`;
}

/** Each tenant with its changes, or what a dry run would change; blank where that is not known. */
export function describeRollout({ dryRun, status }: Rollout, tenants: readonly RolloutTenant[]): string {
  const rows = tenants.map((row) => [
    row.tenantDisplayName ?? row.tenantId,
    row.status,
    ...kinds.map(([, steps]) => countOf(row, steps)),
    wrongWith(row),
  ]);
  const head = ['Tenant', 'Status', ...kinds.map(([title]) => title), 'What is wrong'];
  const counts = `The columns in between count ${dryRun ? 'what would change' : 'changes'}.`;
  const end = `${dryRun ? 'The dry run' : 'The rollout'} ended: ${status}.`;
  return [drawTable(head, rows), `${counts} ${end}`].join('\n\n');
}

type Counts = NonNullable<RolloutTenant['changeCounts']>;

const kinds: readonly (readonly [title: string, steps: readonly (keyof Counts)[]])[] = [
  ['Organization', ['customization', 'unifiedAuditLog', 'organizationAuditing']],
  ['Mailboxes', ['mailboxes']],
  ['Bypasses', ['bypasses']],
  ['Subscriptions', ['subscriptions']],
];

function countOf({ changeCounts = {} }: RolloutTenant, steps: readonly (keyof Counts)[]): string {
  const known = steps.flatMap((step) => changeCounts[step] ?? []);
  return known.length === 0 ? '' : String(known.reduce((sum, count) => sum + count, 0));
}

/** Without the commands to run by hand, which follow the first line. */
function wrongWith({ errorCode, errorMessage = '' }: RolloutTenant): readonly string[] {
  return errorCode === undefined ? [] : [errorCode, errorMessage.split('\n')[0] ?? ''];
}
