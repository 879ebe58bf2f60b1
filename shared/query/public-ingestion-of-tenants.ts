/** The state of ingestion of several tenants as an answer shows it. */
import type { Tenant } from '../tenants/tenant.ts';
import type { Completeness } from './completeness.ts';
import { publicIngestion } from './public-ingestion.ts';

export interface TenantIngestion {
  readonly tenant: Tenant;
  readonly completeness: Completeness;
}

/** One entry for each tenant, the worst first. */
export function publicIngestionOfTenants(all: readonly TenantIngestion[], now: Date) {
  const lagOf = new Map(all.map((one) => [one, lagMs(one, now)]));
  const byLag = (one: TenantIngestion, other: TenantIngestion) =>
    (lagOf.get(other) ?? 0) - (lagOf.get(one) ?? 0) ||
    one.tenant.tenantId.localeCompare(other.tenant.tenantId);
  return all.toSorted(byLag).map((one) => publicEntry(one, now));
}

/** What was never listed lags since the tenant was registered. One that is not collected lags behind nothing. */
function lagMs({ tenant, completeness }: TenantIngestion, now: Date): number {
  if (tenant.state !== 'Active') return -1;
  const { completeThrough = tenant.createdDateTime } = completeness;
  return Math.max(0, now.getTime() - completeThrough.getTime());
}

function publicEntry({ tenant, completeness }: TenantIngestion, now: Date) {
  const { contentTypes, ...shown } = publicIngestion(completeness, tenant, now);
  const disabled = contentTypes.filter(({ enabled }) => enabled === false);
  const waiting = contentTypes.flatMap(({ oldestPendingDateTime: at }) => (at === undefined ? [] : [at]));
  return {
    tenantId: tenant.tenantId,
    displayName: tenant.displayName,
    state: tenant.state,
    lagSeconds: longest(contentTypes.map(({ lagSeconds }) => lagSeconds)),
    oldestPendingDateTime: waiting.toSorted()[0],
    disabledContentTypes: disabled.map(({ contentType }) => contentType),
    ...shown,
  };
}

/** Undefined if one of them is, or if there are none. */
function longest([first, ...others]: readonly (number | undefined)[]): number | undefined {
  return others.reduce(
    (max, one) => (max === undefined || one === undefined ? undefined : Math.max(max, one)),
    first,
  );
}
