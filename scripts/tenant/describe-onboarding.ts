/** An onboarding as tables and sentences. */
import { counted, drawTable } from '../command-line/terminal-text.ts';
import type { Onboarding } from './api.ts';
import type { TenantLine } from './tenants-file.ts';

/** What an import would do. */
export function describePlan(onboarding: Onboarding, lines: readonly TenantLine[]): string {
  const rows = onboarding.tenants.map((row, at) => [
    String(lineOf(lines, row.row)),
    row.domain ?? row.tenantId ?? '',
    row.displayName ?? '',
    (lines[at]?.tenant.tags ?? []).join(' '),
    [foreseen[row.status], ...wrongWith(row, lines)],
  ]);
  const table = drawTable(['Line', 'Tenant', 'Name', 'Tags', 'It is'], rows, ['right']);
  const ready = onboarding.tenants.filter(({ status }) => !['Refused', 'NotStarted'].includes(status));
  const end = `Nothing was changed. Without --dry-run, ${counted(ready.length, 'tenant')} would be imported.`;
  return [table, endOf(onboarding), end].filter((text) => text !== '').join('\n\n');
}

/** Rows to do something about, or an onboarding that did not get to its end. */
export function hasRefused({ status, tenants }: Onboarding): boolean {
  return status !== 'Succeeded' || tenants.some(isRefused);
}

type Row = Onboarding['tenants'][number];

function isRefused({ status }: Row): boolean {
  return status === 'Refused' || status === 'ConsentRefused';
}

interface Import {
  /** Of the rows, in their order. */
  readonly lines: readonly TenantLine[];
  readonly links: number;
  readonly written: readonly string[];
}

export function describeOnboarding(onboarding: Onboarding, { lines, links, written }: Import): string {
  const wrong = onboarding.tenants.filter(({ errorCode }) => errorCode !== undefined);
  const rows = wrong.map((row) => [
    String(lineOf(lines, row.row)),
    row.domain ?? row.tenantId ?? '',
    row.status,
    wrongWith(row, lines),
  ]);
  const head = ['Line', 'Tenant', 'Status', 'What is wrong, what to do'];
  const parts = [
    rows.length === 0 ? '' : drawTable(head, rows, ['right']),
    endOf(onboarding),
    summaryOf(onboarding.tenants),
    `${counted(links, 'consent link')} to send: ${written.join(', ')}. Each is valid for 7 days and works once.`,
  ];
  return parts.filter((text) => text !== '').join('\n\n');
}

/** Of the file, where the answer counts rows. */
function lineOf(lines: readonly TenantLine[], row: number): number {
  return lines[row - 1]?.line ?? row;
}

/** Code and message of a row, which name lines of the file. */
function wrongWith(
  { errorCode, errorMessage = '', sameTenantAsRow }: Row,
  lines: readonly TenantLine[],
): readonly string[] {
  if (errorCode === undefined) return [];
  if (sameTenantAsRow === undefined) return [errorCode, errorMessage];
  const other = lineOf(lines, sameTenantAsRow);
  return [errorCode, `Line ${other} has the same tenant, and counts. Remove one of them.`];
}

/** Empty for one that got to its end. */
function endOf({ status, errorMessage = '' }: Onboarding): string {
  if (status === 'Succeeded') return '';
  return `The onboarding ended: ${[`${status}.`, errorMessage].join(' ').trim()} Run the command again to continue.`;
}

const foreseen: Readonly<Record<Row['status'], string>> = {
  Registered: 'new',
  AlreadyRegistered: 'registered already',
  ConsentRefused: 'registered already',
  Refused: 'refused',
  NotStarted: 'not looked up',
};

const words: Readonly<Record<Row['status'], string>> = {
  Registered: 'registered',
  AlreadyRegistered: 'registered before',
  ConsentRefused: 'registered, and consent was refused',
  Refused: 'refused',
  NotStarted: 'not done',
};

/** E.g. `50 tenants: 48 registered, 2 refused.` */
function summaryOf(tenants: readonly Row[]): string {
  const counts = Object.entries(words).flatMap(([status, meaning]) => {
    const count = tenants.filter((row) => row.status === status).length;
    return count === 0 ? [] : [`${count} ${meaning}`];
  });
  const active = tenants.filter(({ tenantState }) => tenantState === 'Active').length;
  return `${counted(tenants.length, 'tenant')}: ${counts.join(', ')}. ${active} of them ${active === 1 ? 'is' : 'are'} Active.`;
}
