/** Registers the tenant of one row. */
import { RequestError, UpstreamError } from '../errors.ts';
import {
  consentByRelationship,
  type ConsentByRelationshipDeps,
  type RelationshipGrant,
} from '../partner-center/consent-by-relationship.ts';
import { needsConsent } from '../tenants/consent.ts';
import { beingRemoved, isManaged } from '../tenants/managed.ts';
import { registerTenantById, tenantIdOf } from '../tenants/register-tenant.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Onboarding, RowResult } from './onboarding.ts';

/** Microsoft could not answer now. */
export interface RowWaiting {
  readonly waitMs: number;
  /** It throttles, so other rows have to wait as well. */
  readonly isThrottled: boolean;
  /** What the row comes to if waiting does not help. */
  readonly otherwise: RowResult;
}

/**
 * Repeatable: registering a tenant again changes nothing.
 * @param at position of the row, from 0; it has no result yet
 * @throws when storage fails
 */
export async function onboardRow(
  deps: ConsentByRelationshipDeps,
  one: Onboarding,
  at: number,
): Promise<RowResult | RowWaiting> {
  const row = one.request.tenants[at] ?? {};
  try {
    const tenantId = await tenantIdOf(deps, row);
    const other = one.state.results.findIndex((result) => isOf(result, tenantId));
    if (other >= 0) return duplicate(tenantId, other);
    const found = { ...row, tenantId };
    return one.request.dryRun ? await foresee(deps, tenantId) : await register(deps, one, found);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return refusalOf(error, { outcome: 'Refused', tenantId: row.tenantId });
  }
}

type Row = Onboarding['request']['tenants'][number];

/** One that was refused may be right in another row. */
function isOf(result: RowResult | null, tenantId: string): boolean {
  return result?.tenantId === tenantId && result.outcome !== 'Refused';
}

function duplicate(tenantId: string, other: number): RowResult {
  const sameTenantAsRow = other + 1;
  const errorMessage = `Row ${sameTenantAsRow} has the same tenant, and counts. Remove one of them.`;
  return { outcome: 'Refused', tenantId, errorCode: 'DuplicateTenant', errorMessage, sameTenantAsRow };
}

/** What registering it would come to. @throws RequestError as registering it does */
async function foresee(
  { tenants }: Pick<ConsentByRelationshipDeps, 'tenants'>,
  tenantId: string,
): Promise<RowResult> {
  const registered = await tenants.get(tenantId);
  if (registered === undefined) return { outcome: 'Registered', tenantId };
  if (!isManaged(registered)) throw beingRemoved();
  return { outcome: 'AlreadyRegistered', ...factsOf(registered) };
}

async function register(
  deps: ConsentByRelationshipDeps,
  { request, createdDateTime }: Onboarding,
  row: Row & { readonly tenantId: string },
): Promise<RowResult | RowWaiting> {
  const { tenant, created } = await registerTenantById(deps, row.tenantId, row);
  // Not only what this call did: after a host was killed, the row is registered again, and says the same.
  const isNew = created || tenant.createdDateTime >= createdDateTime;
  const outcome = isNew ? ('Registered' as const) : ('AlreadyRegistered' as const);
  if (request.consent === 'link' || !needsConsent(tenant)) return { outcome, ...factsOf(tenant) };
  try {
    const consent = await consentByRelationship(deps, tenant.tenantId);
    return { outcome, ...factsOf(consent.tenant), ...refusedIn(consent.grants) };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return refusalOf(error, { outcome: 'ConsentRefused', ...factsOf(tenant) });
  }
}

function factsOf({ tenantId, state: tenantState }: Tenant) {
  return { tenantId, tenantState };
}

/** Collection works without it. */
function refusedIn(grants: readonly RelationshipGrant[]): Pick<RowResult, 'errorCode' | 'errorMessage'> {
  const refused = grants.find(({ state }) => state === 'Refused');
  if (refused === undefined) return {};
  const { name, code: errorCode, message = '', cure = '' } = refused;
  return { errorCode, errorMessage: `${name} was not granted. ${message} ${cure}`.trim() };
}

/** Only these members of a checked row can still be wrong. */
const unknown: Readonly<Record<string, string>> = { domain: 'UnknownDomain', tenantId: 'UnknownTenant' };

const usualWaitMs = 30_000;

function refusalOf(error: RequestError, facts: RowResult): RowResult | RowWaiting {
  const { status, target, code, message: errorMessage, headers } = error;
  const errorCode = unknown[target ?? ''] ?? code;
  const result = { ...facts, errorCode, errorMessage };
  if (status !== 503) return result;
  const seconds = Number(headers['Retry-After']);
  const isThrottled = error.cause instanceof UpstreamError && error.cause.action === 'pause';
  return { waitMs: seconds > 0 ? seconds * 1000 : usualWaitMs, isThrottled, otherwise: result };
}
