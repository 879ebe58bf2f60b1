/** A tenant as the list shows it: what three answers say about it, in one row. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';

type Tenant = AnswerTo<'ListTenants'>['value'][number];
type Ingestion = AnswerTo<'ListIngestion'>['value'][number];
type Posture = AnswerTo<'ListPostures'>['value'][number];

/** A list that may be on its way, or refused: undefined. Nothing is concluded from what is missing. */
export interface Known {
  readonly tenants: readonly Tenant[];
  readonly ingestion: readonly Ingestion[] | undefined;
  readonly postures: readonly Posture[] | undefined;
}

/** `unknown`: never checked, or the answer is missing. */
export type Auditing = 'on' | 'partly' | 'off' | 'unknown';

/** What to do next in a tenant, where its page has it, and how urgent it is: 0 is nothing. */
export interface NextStep {
  readonly text: string;
  readonly tab: 'overview' | 'auditing' | 'collection' | 'gaps';
  readonly urgency: 0 | 1 | 2 | 3;
}

export interface TenantRow {
  readonly tenantId: string;
  readonly name: string;
  readonly domain: string;
  readonly tags: readonly string[];
  readonly state: Tenant['state'];
  readonly auditing: Auditing;
  /** How far its complete content is in the past; undefined while unknown. */
  readonly lagSeconds: number | undefined;
  readonly gaps: number | undefined;
  readonly next: NextStep;
}

/** In the order of `tenants`. */
export function rowsOf({ tenants, ingestion, postures }: Known): readonly TenantRow[] {
  const ingestions = byTenant(ingestion ?? []);
  const audited = byTenant(postures ?? []);
  return tenants.map((tenant) => {
    const collected = ingestions.get(tenant.tenantId);
    const posture = audited.get(tenant.tenantId);
    const auditing = auditingOf(posture);
    return {
      tenantId: tenant.tenantId,
      name: tenant.displayName,
      domain: tenant.domain ?? '',
      tags: tenant.tags,
      state: tenant.state,
      auditing,
      lagSeconds: collected?.lagSeconds,
      gaps: collected?.gaps,
      next: nextStep(tenant, {
        collected,
        auditing,
        isChecked: posture?.checkedDateTime !== undefined,
        postures,
      }),
    };
  });
}

function byTenant<One extends { readonly tenantId: string }>(all: readonly One[]): ReadonlyMap<string, One> {
  return new Map(all.map((one) => [one.tenantId, one]));
}

/** Of the newest daily check. */
export function auditingOf(
  posture: Partial<Pick<Posture, 'unifiedAuditLog' | 'problems'>> | undefined,
): Auditing {
  if (posture?.unifiedAuditLog === undefined) return 'unknown';
  if (!posture.unifiedAuditLog) return 'off';
  return (posture.problems ?? []).length === 0 ? 'on' : 'partly';
}

interface Findings {
  readonly collected: Ingestion | undefined;
  readonly auditing: Auditing;
  readonly isChecked: boolean;
  readonly postures: readonly Posture[] | undefined;
}

const nothing: NextStep = { text: 'Nothing to do', tab: 'overview', urgency: 0 };

/** The first thing to do: later ones depend on it. */
function nextStep(tenant: Tenant, { collected, auditing, isChecked, postures }: Findings): NextStep {
  const steps: readonly (readonly [boolean, NextStep])[] = [
    [tenant.state === 'Removing', { text: 'It is being removed', tab: 'overview', urgency: 1 }],
    [tenant.state === 'PendingConsent', { text: 'Get consent', tab: 'overview', urgency: 2 }],
    [auditing === 'off', { text: 'Turn auditing on', tab: 'auditing', urgency: 3 }],
    [
      postures !== undefined && !isChecked,
      { text: 'Check auditing, and turn it on', tab: 'auditing', urgency: 2 },
    ],
    [tenant.lastError !== undefined, { text: 'Fix collection', tab: 'collection', urgency: 3 }],
    [
      (collected?.disabledContentTypes ?? []).length > 0,
      { text: 'Turn on what Microsoft does not deliver', tab: 'collection', urgency: 2 },
    ],
    [
      tenant.checks.some(({ state }) => state === 'Failed'),
      { text: 'Fix failed checks', tab: 'overview', urgency: 2 },
    ],
    [auditing === 'partly', { text: 'Complete auditing', tab: 'auditing', urgency: 2 }],
    [(collected?.gaps ?? 0) > 0, { text: 'See what was lost', tab: 'gaps', urgency: 1 }],
  ];
  return steps.find(([applies]) => applies)?.[1] ?? nothing;
}

export const auditingTexts: Readonly<Record<Auditing, { readonly tone: Tone; readonly text: string }>> = {
  on: { tone: 'good', text: 'On' },
  partly: { tone: 'warning', text: 'Partly on' },
  off: { tone: 'bad', text: 'Off' },
  unknown: { tone: 'neutral', text: 'Not checked' },
};

/** Microsoft lists most content within the hour; more than three hours need an explanation. */
export const slowSeconds = 3 * 3600;

/** Which rows are shown. */
export const shows = ['all', 'todo', 'consent', 'off', 'partly', 'behind', 'gaps'] as const;
export type Show = (typeof shows)[number];

const shown: Readonly<Record<Show, (row: TenantRow) => boolean>> = {
  all: () => true,
  todo: ({ next }) => next.urgency > 0,
  consent: ({ state }) => state === 'PendingConsent',
  off: ({ auditing }) => auditing === 'off',
  partly: ({ auditing }) => auditing === 'partly',
  behind: ({ lagSeconds = 0 }) => lagSeconds > slowSeconds,
  gaps: ({ gaps = 0 }) => gaps > 0,
};

interface Filters {
  /** Part of a name, a domain, or an ID. */
  readonly text: string;
  readonly show: Show;
  /** Empty: any. */
  readonly tag: string;
}

export function filtered(rows: readonly TenantRow[], { text, show, tag }: Filters): readonly TenantRow[] {
  const wanted = text.trim().toLowerCase();
  return rows
    .filter(shown[show])
    .filter(({ tags }) => tag === '' || tags.includes(tag))
    .filter(({ name, domain, tenantId }) =>
      [name, domain, tenantId].some((member) => member.toLowerCase().includes(wanted)),
    );
}

export const sortings = ['next', 'name', 'auditing', 'lag', 'gaps'] as const;
export type SortBy = (typeof sortings)[number];

const order: readonly Auditing[] = ['off', 'partly', 'unknown', 'on'];
const compare: Readonly<Record<SortBy, (a: TenantRow, b: TenantRow) => number>> = {
  next: (a, b) => b.next.urgency - a.next.urgency,
  name: () => 0,
  auditing: (a, b) => order.indexOf(a.auditing) - order.indexOf(b.auditing),
  lag: (a, b) => (a.lagSeconds ?? -1) - (b.lagSeconds ?? -1),
  gaps: (a, b) => (a.gaps ?? -1) - (b.gaps ?? -1),
};

/** Those that are equal stay in the order of their names. */
export function sorted(rows: readonly TenantRow[], by: SortBy, isDescending: boolean): readonly TenantRow[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted(
    (a, b) =>
      sign * (compare[by](a, b) || (by === 'name' ? a.name.localeCompare(b.name) : 0)) ||
      a.name.localeCompare(b.name),
  );
}
