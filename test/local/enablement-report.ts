/** Reports what an enablement found and changed, as text and a table. */
import * as z from 'zod';
import type { Enablement, EnablementStep, TenantPosture } from './onboarding-api.ts';
import type { Enabled } from './onboarding.ts';
import { drawTable } from './table.ts';

const countSchema = z.object({ mailboxes: z.number(), toChange: z.number() });
const namesSchema = z.array(z.string());
const postureSchema = z.object({ mailboxes: z.object({ total: z.number(), asWanted: z.number() }) });

type Values = Readonly<Record<string, unknown>>;

interface Wording {
  readonly title: string;
  /** The value before or after, in a word or two. */
  readonly describe: (values: Values) => string;
}

const wordings: ReadonlyMap<string, Wording> = new Map([
  ['customization', { title: 'Organization', describe: flag('isDehydrated', 'dehydrated', 'customized') }],
  [
    'unifiedAuditLog',
    { title: 'Unified audit log', describe: flag('unifiedAuditLogIngestionEnabled', 'on', 'off') },
  ],
  ['organizationAuditing', { title: 'Mailbox auditing', describe: flag('auditDisabled', 'off', 'on') }],
  ['mailboxes', { title: 'Mailboxes', describe: describeMailboxes }],
  ['bypasses', { title: 'Bypasses', describe: ({ bypasses }) => countNames(bypasses) }],
  ['subscriptions', { title: 'Subscriptions', describe: ({ enabled }) => countNames(enabled) }],
  ['verification', { title: 'Verification', describe: describePosture }],
]);

/** The number of changes in all steps. */
export function countChanges({ steps }: Enablement): number {
  return steps.reduce((sum, { changes }) => sum + changes.length, 0);
}

/** A table of the steps, the reasons for failures, and the remaining problems. */
export function describeEnabled({ tenant, enablement, problems }: Enabled): string {
  const changes = countChanges(enablement);
  const rows = enablement.steps.filter(({ status }) => status !== 'Skipped').map(toRow);
  return [
    `Auditing of ${tenant.displayName}: ${enablement.status}, ${changes} ${changes === 1 ? 'change' : 'changes'}`,
    drawTable(['Step', 'Status', 'Before', 'After', 'Changes'], rows),
    ...enablement.steps.flatMap(({ name, errorMessage }) =>
      errorMessage === undefined ? [] : [`${name}: ${errorMessage}`],
    ),
    ...describeProblems(enablement, problems),
  ].join('\n');
}

/** One table of all tenants, in the order in which the API ranks them. */
export function describePostures(postures: readonly TenantPosture[]): string {
  const rows = postures.map(({ tenantDisplayName, unifiedAuditLog, problems }) => [
    tenantDisplayName,
    describeSwitch(unifiedAuditLog),
    problems.length === 0 ? 'none' : problems.join(' '),
  ]);
  return `Auditing of all tenants, the worst first\n${drawTable(['Tenant', 'Unified audit log', 'Problems'], rows)}`;
}

function describeSwitch(isOn: boolean | undefined): string {
  if (isOn === undefined) return 'not checked';
  return isOn ? 'on' : 'off';
}

/** If it failed, the last posture check of the tenant may be outdated. */
function describeProblems({ status }: Enablement, problems: readonly string[]): readonly string[] {
  if (problems.length > 0) return ['Remaining problems:', ...problems.map((problem) => `  ${problem}`)];
  return status === 'Succeeded' ? ['No problems remain.'] : [];
}

function toRow({ name, status, before, after, changes }: EnablementStep): readonly string[] {
  const { title, describe } = wordings.get(name) ?? { title: name, describe: describeAny };
  const [was, is] = [before, after].map((values) => (values === undefined ? '' : describe(values)));
  return [title, status, was ?? '', is ?? '', changes.length === 0 ? '' : String(changes.length)];
}

function flag(name: string, whenTrue: string, whenFalse: string): Wording['describe'] {
  return ({ [name]: value }) => (value === true ? whenTrue : whenFalse);
}

function describeMailboxes(values: Values): string {
  const counts = countSchema.safeParse(values).data;
  if (counts === undefined) return describeAny(values);
  return `${counts.toChange} of ${counts.mailboxes} to change`;
}

function describePosture(values: Values): string {
  const mailboxes = postureSchema.safeParse(values).data?.mailboxes;
  return mailboxes === undefined ? '' : `${mailboxes.asWanted} of ${mailboxes.total} mailboxes audited`;
}

function countNames(names: unknown): string {
  const { length } = namesSchema.catch([]).parse(names);
  return length === 0 ? 'none' : String(length);
}

function describeAny(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ');
}
