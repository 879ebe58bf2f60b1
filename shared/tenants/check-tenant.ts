/** Checks a tenant again, stores the findings, and starts collecting once that is permitted. */
import * as z from 'zod';
import type { ActivityFeed } from '../activity/activity-feed.ts';
import { enablementByPolicy, startDueEnablement } from '../enablement/enable-by-policy.ts';
import type { EnablementStore } from '../enablement/enablement.ts';
import { onRefusal } from '../errors.ts';
import type { WorkQueues } from '../landing/work-queues.ts';
import type { OperationQueue } from '../operations/operation.ts';
import type { Telemetry } from '../telemetry.ts';
import { activationChecks, inspectGrants, type InspectDeps } from './inspect-tenant.ts';
import { keptDomains } from './domains.ts';
import { changeTenant } from './change-tenant.ts';
import { findManagedTenant, isManaged } from './managed.ts';
import type { PolicyDeps } from './policy.ts';
import { recordRoleHolders, type RoleHolderDeps } from './role-holders.ts';
import { checkWebhooks } from './check-webhooks.ts';
import { feedOfManaged, startSubscriptions } from './start-subscriptions.ts';
import { checksOf, hasPassedAll } from './tenant-checks.ts';
import type {
  StoredTenant,
  SubscriptionState,
  Tenant,
  TenantChanges,
  TenantStore,
  TenantCheck,
} from './tenant.ts';

/** The queue message that requests another check of a tenant. */
export const tenantCheckMessageSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  /** Number of automatic checks since the last manual one. */
  attempt: z.number().int().min(0),
  /** The daily check, which does more than check grants, and is not followed up. */
  daily: z.boolean().optional(),
});
export type TenantCheckMessage = z.infer<typeof tenantCheckMessageSchema>;

export const tenantCheckQueue = 'tenant-checks';

export interface TenantCheckQueue {
  /** Durable when it resolves. @param delayMs at most 7 days */
  requestTenantCheck(message: TenantCheckMessage, delayMs: number): Promise<void>;
}

export interface CheckTenantDeps extends InspectDeps, RoleHolderDeps, PolicyDeps {
  readonly tenants: TenantStore;
  readonly feed: ActivityFeed;
  readonly enablements: EnablementStore;
  readonly queues: Pick<WorkQueues, 'requestPoll'> & TenantCheckQueue & OperationQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/**
 * Activates a tenant that has granted consent. An active tenant stays active: its polls report best what they lack.
 * A tenant that is being removed is not changed, even when its removal begins during the check.
 * @returns the tenant as it is now
 * @throws when storage fails
 */
export async function checkTenant(deps: CheckTenantDeps, tenant: Tenant): Promise<Tenant> {
  if (tenant.state === 'Removing') return tenant;
  const grants = await inspectGrants(deps, tenant);
  const mayCollect = activationChecks.every((name) => hasPassed(grants, name));
  const { webhookChecks = [], ...collecting } = mayCollect ? await ensureSubscriptions(deps, tenant) : {};
  const { tenantId } = tenant;
  const found = {
    checks: [...grants, ...webhookChecks],
    ...collecting,
    ...(await readDomains(deps, tenant, grants)),
  };
  const first = mayCollect && isNew(tenant) ? await enablementByPolicy(deps) : {};
  const before = await remember(deps, tenantId, found, first);
  if (before === undefined) return { ...tenant, state: 'Removing' };
  const due = dueAfter(before, first);
  const checked = { ...tenant, state: before.state, ...found, ...due };
  report(deps, checked);
  if (mayCollect && before.state !== 'Active') {
    deps.telemetry('tenants.tenant.activated', { tenantId });
    await beginCollecting(deps, tenant);
  }
  if (mayCollect) await startDueEnablement(deps, tenantId, due);
  return checked;
}

/** Undefined when Graph does not tell: every tenant has verified one. */
async function readDomains(
  { directory, budget, now }: CheckTenantDeps,
  tenant: Tenant,
  grants: readonly TenantCheck[],
): Promise<Pick<Tenant, 'domains' | 'domainsReadDateTime'> | undefined> {
  if (!hasPassed(grants, 'permission:Directory.Read.All')) return undefined;
  const domainsReadDateTime = now().toISOString();
  const names = await directory.listVerifiedDomains(tenant, budget).catch(onRefusal(() => []));
  const domains = keptDomains(names, tenant);
  return domains.length === 0 ? undefined : { domains, domainsReadDateTime };
}

/**
 * The tenant as it was before; undefined, with nothing changed, when it is gone or being removed.
 * @param first written only by the check that activates it for the first time
 */
async function remember(
  deps: Pick<CheckTenantDeps, 'tenants'>,
  tenantId: string,
  found: TenantChanges,
  first: Pick<Tenant, 'policyEnablement'>,
): Promise<StoredTenant | undefined> {
  // Checking takes time: a removal that began meanwhile must not be undone.
  return await changeTenant(deps.tenants, tenantId, (before) =>
    isManaged(before) ? { ...found, ...dueAfter(before, first) } : undefined,
  );
}

/** What was decided first stays. */
function dueAfter(before: Tenant, first: Pick<Tenant, 'policyEnablement'>): Pick<Tenant, 'policyEnablement'> {
  const { policyEnablement } = before;
  if (policyEnablement !== undefined) return { policyEnablement };
  return isNew(before) ? first : {};
}

/** Whether it was never active. The state alone does not say so: a removal that is canceled leaves it `PendingConsent`. */
function isNew({ state, subscriptions, poll }: Tenant): boolean {
  return state !== 'Active' && subscriptions.length === 0 && poll.lastPollAt === undefined;
}

function hasPassed(checks: readonly TenantCheck[], name: string): boolean {
  return checks.some((check) => check.name === name && check.state === 'Passed');
}

interface Collecting {
  readonly state: 'Active';
  readonly subscriptions: readonly SubscriptionState[];
  readonly webhookChecks: readonly TenantCheck[];
}

async function ensureSubscriptions(deps: CheckTenantDeps, tenant: Tenant): Promise<Collecting> {
  const feed = feedOfManaged(deps.feed, deps.tenants);
  const started = await startSubscriptions({ ...deps, feed }, tenant);
  const webhookChecks = await checkWebhooks({ ...deps, feed }, tenant, started);
  const { results, subscriptions } = started;
  for (const { contentType, refusal } of results) {
    const event = refusal === undefined ? 'activity.subscription.started' : 'activity.subscription.failed';
    deps.telemetry(event, { tenantId: tenant.tenantId, contentType, code: refusal?.code });
  }
  return { state: 'Active', subscriptions, webhookChecks };
}

/** Repeatable: a second poll finds nothing new. @throws when storage fails */
export async function beginCollecting(deps: CheckTenantDeps, tenant: Tenant): Promise<void> {
  const { tenantId } = tenant;
  await recordRoleHolders(deps, tenant);
  await deps.queues.requestPoll({ version: 1, tenantId, reason: 'registered' });
}

function report({ telemetry }: CheckTenantDeps, tenant: Tenant): void {
  const failed = checksOf(tenant).filter(({ state }) => state === 'Failed');
  const names = failed.map(({ name }) => name).join(' ');
  telemetry('tenants.tenant.checked', { tenantId: tenant.tenantId, failed: names });
}

/** Grants take minutes to reach all of Microsoft's machines; after a day no change is still on its way. */
const followUpMinutes: readonly number[] = [1, 5, 15, 60, 240, 1080];

/** Requests another check if one has not passed: a grant may not have taken effect yet. */
export async function followUp(deps: CheckTenantDeps, tenant: Tenant, attempt: number): Promise<void> {
  if (!hasPassedAll(tenant)) await lookAgain(deps, tenant.tenantId, attempt);
}

/** Requests another check, whatever was found. Does nothing after the last attempt. */
export async function lookAgain(
  { queues }: Pick<CheckTenantDeps, 'queues'>,
  tenantId: string,
  attempt: number,
): Promise<void> {
  const minutes = followUpMinutes[attempt];
  if (minutes === undefined) return;
  await queues.requestTenantCheck({ version: 1, tenantId, attempt: attempt + 1 }, minutes * 60_000);
}

/** Does nothing for a tenant that is gone or being removed. */
export async function runTenantCheck(deps: CheckTenantDeps, message: TenantCheckMessage): Promise<void> {
  const tenant = await findManagedTenant(deps.tenants, message.tenantId);
  if (tenant !== undefined) await followUp(deps, await checkTenant(deps, tenant), message.attempt);
}
