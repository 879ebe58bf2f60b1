/** What the console says about reports on several tenants. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';
import { countText } from './numbers.ts';

export type ReportSet = AnswerTo<'GetReportSet'>;
export type ReportSetTenant = AnswerTo<'ListReportSetTenants'>['value'][number];

interface Said {
  readonly tone: Tone;
  readonly text: string;
}

/** Its state in a few words, which stay the same while it is computed. */
export function setStatusText({
  status,
  tenantCount,
  succeededCount,
}: Pick<ReportSet, 'status' | 'tenantCount' | 'succeededCount'>): Said {
  const missing = `${countText(tenantCount - succeededCount)} of ${countText(tenantCount)}`;
  const said: Readonly<Record<ReportSet['status'], Said>> = {
    NotStarted: { tone: 'busy', text: 'Waiting to begin' },
    Running: { tone: 'busy', text: 'Being computed' },
    Succeeded: { tone: 'good', text: 'Done' },
    PartiallySucceeded: { tone: 'warning', text: `Done, without ${missing} tenants` },
    Failed: { tone: 'bad', text: 'Failed' },
    Canceled: { tone: 'neutral', text: 'Canceled' },
  };
  return said[status];
}

/** How many tenants have come how far; states that none has are left out. */
export function progressText(set: ReportSet): string {
  const counts: readonly (readonly [count: number, text: string])[] = [
    [set.succeededCount, 'done'],
    [set.partiallySucceededCount, 'done in part'],
    [set.runningCount, 'being computed'],
    [set.waitingCount, 'waiting'],
    [set.notStartedCount, 'not started'],
    [set.failedCount, 'failed'],
    [set.canceledCount, 'canceled'],
  ];
  const said = counts.filter(([count]) => count > 0).map(([count, text]) => `${countText(count)} ${text}`);
  const tenants = set.tenantCount === 1 ? '1 tenant' : `${countText(set.tenantCount)} tenants`;
  return said.length === 0 ? `${tenants}.` : `${tenants}: ${said.join(', ')}.`;
}

const tenantStatuses: Readonly<Record<ReportSetTenant['status'], Said>> = {
  NotStarted: { tone: 'neutral', text: 'Not started' },
  Running: { tone: 'busy', text: 'Being computed' },
  Waiting: { tone: 'busy', text: 'Waiting' },
  Succeeded: { tone: 'good', text: 'Done' },
  PartiallySucceeded: { tone: 'warning', text: 'Done in part' },
  Failed: { tone: 'bad', text: 'Failed' },
  Canceled: { tone: 'neutral', text: 'Canceled' },
};

export function tenantStatusText(status: ReportSetTenant['status']): Said {
  return tenantStatuses[status];
}

/** Of one that was removed, the ID is all that is left. */
export function nameOf({ tenantId, tenantDisplayName = tenantId }: ReportSetTenant): string {
  return tenantDisplayName;
}

interface Reason extends Said {
  readonly names: readonly string[];
  readonly why: string;
}

/** Why tenants have no report, each reason once, in the order in which they come. */
export function reasonsIn(rows: readonly ReportSetTenant[]): readonly Reason[] {
  const found = new Map<string, Reason>();
  for (const row of rows) {
    const { status, errorMessage: why } = row;
    if (why === undefined) continue;
    const key = `${status}/${why}`;
    const { names } = found.get(key) ?? { names: [] };
    found.set(key, { ...tenantStatuses[status], why, names: [...names, nameOf(row)] });
  }
  return [...found.values()];
}

/** A tenant that proceeds while pages are loaded is on two of them: where it was found last is newer. */
export function latestOfEach(rows: readonly ReportSetTenant[]): readonly ReportSetTenant[] {
  return [...new Map(rows.map((row) => [row.tenantId, row])).values()];
}
