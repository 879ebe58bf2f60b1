/** Moves the old months of all tenants into segments, within a budget; the next run does the rest. */
import pMap from 'p-map';
import type { Budget } from '../../budget.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import { monthOf } from '../keys.ts';
import { compactMonth, type CompactMonthDeps, type OldMonth } from './compact-month.ts';
import { monthBefore, monthOfTable } from './month-layout.ts';

type CompactedTenant = Pick<Tenant, 'tenantId' | 'state' | 'retained'>;

export interface CompactMonthsDeps {
  readonly compaction: Omit<CompactMonthDeps, 'now'>;
  readonly tenants: { list(): Promise<readonly CompactedTenant[]> };
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** Whole months that a month must be past. */
  readonly compactAfterMonths: number;
}

/** Two requests for a tenant with nothing to do. @throws AggregateError after the other tenants' turns */
export async function compactMonths(deps: CompactMonthsDeps, budget: Budget): Promise<void> {
  const tenants = (await deps.tenants.list()).filter(({ state }) => state === 'Active');
  const isSpent = () => budget.aborted;
  const compact = async (tenant: CompactedTenant) => {
    if (!isSpent()) await compactTenant(deps, tenant, budget);
  };
  await pMap(tenants, compact, { concurrency: 1, stopOnError: false });
}

async function compactTenant(
  deps: CompactMonthsDeps,
  tenant: CompactedTenant,
  budget: Budget,
): Promise<void> {
  const compact = async (old: OldMonth) => {
    if (!budget.aborted) await compactOne(deps, old, budget);
  };
  // A month that fails does not hold up the others.
  await pMap(await oldMonths(deps, tenant), compact, { concurrency: 1, stopOnError: false });
}

async function compactOne(
  { compaction, telemetry, now }: CompactMonthsDeps,
  old: OldMonth,
  budget: Budget,
): Promise<void> {
  const { tenantId, month } = old;
  const started = now().getTime();
  const step = await compactMonth({ ...compaction, now }, old, budget);
  const durationMs = now().getTime() - started;
  if (step !== 'none') telemetry('index.month.compacted', { tenantId, month, step, durationMs });
}

/** Oldest first. Those before the retention are about to be deleted: their files must not be written meanwhile. */
async function oldMonths(
  { compaction, now, compactAfterMonths }: CompactMonthsDeps,
  { tenantId, retained }: CompactedTenant,
): Promise<readonly OldMonth[]> {
  const newest = monthBefore(now(), compactAfterMonths);
  const oldest = monthOf(retained?.from ?? new Date(0));
  const [tables, layouts] = await Promise.all([
    compaction.tables.months(tenantId),
    compaction.layouts.list(tenantId),
  ]);
  const months = new Set([...tables.map(monthOfTable), ...layouts.map(({ month }) => month)]);
  return [...months]
    .filter((month) => month >= oldest && month <= newest)
    .sort()
    .map((month) => ({
      tenantId,
      month,
      layout: layouts.find((one) => one.month === month),
      tables: tables.filter((table) => monthOfTable(table) === month),
    }));
}
