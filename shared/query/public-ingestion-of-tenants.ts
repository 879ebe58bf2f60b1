/** The state of ingestion of several tenants as an answer shows it. */
import type { Tenant } from '../tenants/tenant.ts';
import type { Completeness } from './completeness.ts';
import { publicIngestion } from './public-ingestion.ts';

export interface TenantIngestion {
  readonly tenant: Tenant;
  readonly completeness: Completeness;
}

/** What was never listed lags since the tenant was registered. One that is not collected lags behind nothing: -1. */
export function lagMs({ tenant, completeness }: TenantIngestion, now: Date): number {
  if (tenant.state !== 'Active') return -1;
  const { completeThrough = tenant.createdDateTime } = completeness;
  return Math.max(0, now.getTime() - completeThrough.getTime());
}

/** The entry of a tenant in the list. */
export function publicIngestionOfTenant({ tenant, completeness }: TenantIngestion, now: Date) {
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
