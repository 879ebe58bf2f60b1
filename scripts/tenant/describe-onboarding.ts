/** An onboarding as tables and sentences. */
import { counted, drawTable } from '../command-line/terminal-text.ts';
import type { Onboarding } from './api.ts';
import type { TenantLine } from './tenants-file.ts';

export interface PlannedTenant extends TenantLine {
  readonly isRegistered: boolean;
}

/** What an import would do. */
export function drawPlan(planned: readonly PlannedTenant[]): string {
  const rows = planned.map(({ line, tenant, isRegistered }) => [
    String(line),
    tenant.domain ?? tenant.tenantId ?? '',
    tenant.displayName ?? '',
    (tenant.tags ?? []).join(' '),
    isRegistered ? 'registered already' : 'new',
  ]);
  const table = drawTable(['Line', 'Tenant', 'Name', 'Tags', 'It is'], rows, ['right']);
  return `${table}\n\nNothing was changed. Without --dry-run, ${counted(planned.length, 'tenant')} would be imported.`;
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
  readonly lineNumbers: readonly number[];
  readonly links: number;
  readonly written: readonly string[];
}

export function describeOnboarding(onboarding: Onboarding, { lineNumbers, links, written }: Import): string {
  const { status, errorMessage, tenants } = onboarding;
  const wrong = tenants.filter(({ errorCode }) => errorCode !== undefined);
  const rows = wrong.map(({ row, domain, tenantId, status: outcome, errorCode = '', errorMessage = '' }) => [
    String(lineNumbers[row - 1] ?? row),
    domain ?? tenantId ?? '',
    outcome,
    [errorCode, errorMessage],
  ]);
  const end = `The onboarding ended: ${status}. ${errorMessage ?? ''}`.trim();
  const parts = [
    rows.length === 0
      ? ''
      : drawTable(['Line', 'Tenant', 'Status', 'What is wrong, what to do'], rows, ['right']),
    status === 'Succeeded' ? '' : `${end} Run the command again to continue.`,
    summaryOf(tenants),
    `${counted(links, 'consent link')} to send: ${written.join(', ')}. Each is valid for 7 days and works once.`,
  ];
  return parts.filter((text) => text !== '').join('\n\n');
}

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
