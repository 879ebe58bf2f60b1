/** Consent without a link: the partner grants what the customer's relationship with it allows, and the tenant is checked. */
import * as z from 'zod';
import { onRefusal, RequestError, UpstreamError } from '../errors.ts';
import { checkTenant, lookAgain, type CheckTenantDeps } from '../tenants/check-tenant.ts';
import { activationChecks } from '../tenants/inspect-tenant.ts';
import { beingRemoved, isManaged } from '../tenants/managed.ts';
import { wantedApis } from '../tenants/permissions.ts';
import { exchangeAdministrator } from '../tenants/privileged-roles.ts';
import type { Tenant } from '../tenants/tenant.ts';
import {
  refusedUnlessTransient,
  type ApiPermission,
  type Granting,
  type PartnerCenter,
  type Refused,
} from './partner-center.ts';
import { configured, refuse, type PartnerCenterDeps } from './refuse.ts';

export interface ConsentByRelationshipDeps extends CheckTenantDeps, PartnerCenterDeps {}

/** Body of `POST /tenants/{tenantId}/consents`. */
export const relationshipOptionsSchema = z.strictObject({
  backfill: z
    .boolean()
    .optional()
    .meta({ description: 'Also grants AuditLogsQuery.Read.All, for backfills; by default false.' }),
  exchangeRole: z
    .boolean()
    .optional()
    .meta({ description: 'Assigns Exchange Administrator, for enablements; by default true.' }),
});
export type RelationshipOptions = z.infer<typeof relationshipOptionsSchema>;

/** A grant, named like the check that it makes pass. */
export interface RelationshipGrant {
  /** `consent`, `permission:{application role}`, or `exchangeRole`. */
  readonly name: string;
  readonly state: Granting | 'Refused';
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** What to do about a refusal. */
  readonly cure?: string | undefined;
}

export interface RelationshipConsent {
  /** As its check found it: still `PendingConsent` if the grants have not reached all of Microsoft's machines. */
  readonly tenant: Tenant;
  readonly grants: readonly RelationshipGrant[];
}

/**
 * Consents for the application in a registered tenant, grants its permissions, assigns the Exchange role, and checks the
 * tenant, which makes it `Active`; further checks follow until all have passed. Repeating it grants what is missing.
 * A refused grant that collection does not need is in the result as `Refused`, and does not undo the others.
 * @throws RequestError 404 `TenantNotFound` for a tenant that is not registered
 * @throws RequestError 409 `TenantBeingRemoved`; `PartnerCenterNotConfigured`; `PartnerCenterNotOffered` for a tenant of a
 * cloud for the US government; one of `partnerRefusals`; `PartnerCenterRefused` for any other refusal of Microsoft.
 * Repeating it does not help before someone has done what the message says
 * @throws RequestError 503 `MicrosoftUnavailable` with Retry-After: throttled, not reached, or not in effect yet
 * @throws when storage fails
 */
export async function consentByRelationship(
  deps: ConsentByRelationshipDeps,
  tenantId: string,
  options: RelationshipOptions = {},
): Promise<RelationshipConsent> {
  const partner = configured(deps);
  const tenant = await findTenant(deps, tenantId);
  const grants = await grantAll({ ...deps, partner }, tenant, options).catch(onRefusal(refuse));
  // First: the process may end before the check, and grants take minutes to reach all of Microsoft's machines.
  await lookAgain(deps, tenantId, 0);
  return { tenant: await checkTenant(deps, tenant), grants };
}

async function findTenant({ tenants }: ConsentByRelationshipDeps, tenantId: string): Promise<Tenant> {
  const tenant = await tenants.get(tenantId);
  if (tenant === undefined) {
    throw new RequestError(404, 'TenantNotFound', 'This tenant is not registered. Register it first.');
  }
  if (!isManaged(tenant)) throw beingRemoved();
  if (tenant.cloud === 'enterprise' || tenant.cloud === 'gcc') return tenant;
  const message = `Partner Center cannot consent in tenants of the cloud ${tenant.cloud}. Send a consent link.`;
  throw new RequestError(409, 'PartnerCenterNotOffered', message);
}

interface Granter extends Pick<ConsentByRelationshipDeps, 'budget'> {
  readonly partner: PartnerCenter;
}

/** @throws UpstreamError when nothing could be collected */
async function grantAll(
  { partner, budget }: Granter,
  tenant: Tenant,
  options: RelationshipOptions,
): Promise<readonly RelationshipGrant[]> {
  const consent: RelationshipGrant = { name: 'consent', state: await partner.consent(tenant, budget) };
  const granted = await partner.grant(tenant, permissionsFor(tenant, options), budget);
  const permissions = granted.map(({ permission, outcome }) => grantOf(`permission:${permission}`, outcome));
  for (const permission of permissions) requireForCollection(permission);
  if (options.exchangeRole === false) return [consent, ...permissions];
  const role = await partner
    .assignRole(tenant, exchangeAdministrator, budget)
    .catch(onRefusal(refusedUnlessTransient));
  return [consent, ...permissions, grantOf('exchangeRole', role)];
}

function requireForCollection({ name, code = '', message = '', cure }: RelationshipGrant): void {
  if (code !== '' && activationChecks.includes(name))
    throw new UpstreamError('fail', code, message, { cure });
}

function grantOf(name: string, outcome: Granting | Refused): RelationshipGrant {
  return typeof outcome === 'string' ? { name, state: outcome } : { name, state: 'Refused', ...outcome };
}

function permissionsFor(
  { contentTypes }: Tenant,
  { backfill = false }: RelationshipOptions,
): readonly ApiPermission[] {
  const options = { dlp: contentTypes.includes('DLP.All'), backfill };
  return wantedApis.flatMap(({ appId, permissions, optional }) => {
    const chosen = optional.filter(({ option }) => options[option]).map(({ permission }) => permission);
    return [...permissions, ...chosen].map((permission) => ({ appId, permission }));
  });
}
