/** The tenants the simulator knows and what changes in them while it runs. */

import { createFeed, type Feed } from './activity/feed.ts';
import { createSubscriptions, type Subscriptions } from './activity/subscriptions.ts';
import { createCell, type Cell } from './cell.ts';
import { seedOf } from './random.ts';
import type { SimulatedTenant } from './tenant.ts';

export interface TenantPolicy {
  /** False: `start` answers that the tenant does not exist. */
  readonly auditingEnabled: boolean;
  /** False: the application has no service principal here; sign-in answers AADSTS7000229. */
  readonly consented: boolean;
  /** Application roles that an administrator has granted; only new tokens show a change. */
  readonly grantedRoles: readonly string[];
}

export interface TenantState {
  readonly tenant: SimulatedTenant;
  readonly feed: Feed;
  readonly subscriptions: Subscriptions;
  readonly policy: Cell<TenantPolicy>;
}

export interface TenantStates {
  /** @throws Error when the tenant id is taken */
  add(tenant: SimulatedTenant): TenantState;
  /** By tenant id or default domain, whatever the case. */
  find(idOrDomain: string): TenantState | undefined;
  /** @throws Error for an unknown tenant id */
  get(tenantId: string): TenantState;
  all(): readonly TenantState[];
}

/** The application roles a tenant grants unless a test says otherwise. */
const defaultRoles: readonly string[] = [
  'ActivityFeed.Read',
  'ActivityFeed.ReadDlp',
  'RoleManagement.Read.Directory',
  'Directory.Read.All',
  'Exchange.ManageAsApp',
];

export const createTenantStates = (): TenantStates => {
  const byId = new Map<string, TenantState>();

  const find = (idOrDomain: string): TenantState | undefined => {
    const wanted = idOrDomain.toLowerCase();
    return (
      byId.get(wanted) ?? [...byId.values()].find(({ tenant }) => tenant.domain.toLowerCase() === wanted)
    );
  };

  const add = (tenant: SimulatedTenant): TenantState => {
    const key = tenant.tenantId.toLowerCase();
    if (byId.has(key)) throw new Error(`There is already a tenant ${tenant.tenantId}.`);
    const state = createTenantState(tenant);
    byId.set(key, state);
    return state;
  };

  const get = (tenantId: string): TenantState => {
    const state = byId.get(tenantId.toLowerCase());
    if (state === undefined) throw new Error(`There is no tenant ${tenantId}.`);
    return state;
  };

  return { add, find, get, all: () => [...byId.values()] };
};

const createTenantState = (tenant: SimulatedTenant): TenantState => ({
  tenant,
  feed: createFeed(seedOf(tenant.tenantId)),
  subscriptions: createSubscriptions(),
  policy: createCell({
    auditingEnabled: tenant.auditingEnabled,
    consented: true,
    grantedRoles: defaultRoles,
  }),
});
