/** The tenants of the simulator and their changes while it runs. */

import { createFeed, type Feed } from './activity/feed.ts';
import { createListingLog, type ListingLog } from './activity/listing-log.ts';
import { createSubscriptions, type Subscriptions } from './activity/subscriptions.ts';
import { createDelayedCell, type DelayedCell } from './delayed-cell.ts';
import { createExchangeState, type ExchangeState } from './exchange/exchange-state.ts';
import { createRandom, seedOf } from './random.ts';
import type { SimulatedTenant } from './tenant.ts';

export interface TenantPolicy {
  /** If false, `start` reports that the tenant does not exist. */
  readonly auditingEnabled: boolean;
  /** If false, the application has no service principal here, and sign-in returns AADSTS7000229. */
  readonly consented: boolean;
  /** Application roles that an administrator has granted; only new tokens reflect a change. */
  readonly grantedRoles: readonly string[];
  /** Directory roles of the application's service principal, by template ID, as Graph returns them. */
  readonly directoryRoles: readonly string[];
  /** If true, the administrator declines consent. */
  readonly declinesConsent: boolean;
}

export interface TenantState {
  readonly tenant: SimulatedTenant;
  readonly feed: Feed;
  readonly listings: ListingLog;
  readonly subscriptions: Subscriptions;
  readonly policy: DelayedCell<TenantPolicy>;
  readonly exchange: ExchangeState;
  /** Object ID of the application's service principal here. */
  readonly servicePrincipalId: string;
  /** Directory roles that the administrator assigns to the service principal right after consent. */
  readonly rolesWithConsent: readonly string[];
}

export interface TenantStates {
  /** @throws Error for a duplicate tenant ID */
  add(tenant: SimulatedTenant): TenantState;
  /** By tenant ID or default domain, ignoring case. */
  find(idOrDomain: string): TenantState | undefined;
  /** @throws Error for an unknown tenant ID */
  get(tenantId: string): TenantState;
  all(): readonly TenantState[];
}

/** The application roles that the registration requests; a tenant grants them unless a test specifies otherwise. */
export const registeredRoles: readonly string[] = [
  'ActivityFeed.Read',
  'ActivityFeed.ReadDlp',
  'RoleManagement.Read.Directory',
  'Directory.Read.All',
  'AuditLogsQuery.Read.All',
  'Exchange.ManageAsApp',
];

/** @param now the clock by which changes take effect */
export const createTenantStates = (now: () => Date): TenantStates => {
  const byId = new Map<string, TenantState>();

  const find = (idOrDomain: string): TenantState | undefined => {
    const wanted = idOrDomain.toLowerCase();
    return byId.get(wanted) ?? [...byId.values()].find(({ tenant }) => hasDomain(tenant, wanted));
  };

  const add = (tenant: SimulatedTenant): TenantState => {
    const key = tenant.tenantId.toLowerCase();
    if (byId.has(key)) throw new Error(`Tenant ${tenant.tenantId} already exists.`);
    const state = createTenantState(tenant, now);
    byId.set(key, state);
    return state;
  };

  const get = (tenantId: string): TenantState => {
    const state = byId.get(tenantId.toLowerCase());
    if (state === undefined) throw new Error(`Tenant ${tenantId} does not exist.`);
    return state;
  };

  return { add, find, get, all: () => [...byId.values()] };
};

const createTenantState = (tenant: SimulatedTenant, now: () => Date): TenantState => {
  const exchange = createExchangeState(tenant, now);
  const { auditingEnabled, consented = true } = tenant;
  const policy = {
    ...{ auditingEnabled, consented, declinesConsent: false },
    grantedRoles: consented ? registeredRoles : [],
    directoryRoles: exchange.organization.get().effectiveRoles,
  };
  return {
    tenant,
    feed: createFeed(seedOf(tenant.tenantId)),
    listings: createListingLog(),
    subscriptions: createSubscriptions(),
    policy: createDelayedCell(policy, now),
    exchange,
    servicePrincipalId: createRandom(seedOf(tenant.tenantId, 'service principal')).guid(),
    rolesWithConsent: consented ? [] : exchange.givenRoles,
  };
};

const hasDomain = ({ domain, otherDomains = [] }: SimulatedTenant, wanted: string): boolean =>
  [domain, ...otherDomains].some((name) => name.toLowerCase() === wanted);
