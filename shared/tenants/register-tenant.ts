/** Onboards a tenant: stores it and checks whether its audit trail can be collected already. */
import * as z from 'zod';
import { cloudSchema, type Cloud } from '../activity/clouds.ts';
import { defaultContentTypes } from '../activity/content-types.ts';
import { invalidParameter, onRefusal, RequestError } from '../errors.ts';
import { beginCollecting, checkTenant, followUp, type CheckTenantDeps } from './check-tenant.ts';
import type { Policy } from './policy.ts';
import { beingRemoved } from './managed.ts';
import { canonicalDomain } from './domains.ts';
import type { SignIn } from './sign-in.ts';
import { collectionMembers, labelMembers, settingsAfter } from './tenant-settings.ts';
import { tenantIdSchema, type StoredTenant, type Tenant } from './tenant.ts';

/** International names in either form. */
const domainSchema = z
  .string()
  .max(253)
  .transform((name, context) => {
    const domain = canonicalDomain(name);
    if (domain !== undefined) return domain;
    context.addIssue('must be a domain name');
    return z.NEVER;
  });

/** Body of `POST /tenants`: the tenant by its id or by one of its domains. */
export const tenantRegistrationSchema = z
  .strictObject({
    tenantId: tenantIdSchema
      .optional()
      .meta({ description: 'ID of the tenant. Required unless domain is sent.' }),
    domain: domainSchema
      .optional()
      .meta({ description: 'A domain of the tenant. Required unless tenantId is sent.' }),
    displayName: labelMembers.displayName
      .optional()
      .meta({ description: 'Display name; by default the domain or the ID.' }),
    tags: labelMembers.tags.optional().meta({
      description: 'Tags, by which tenants=tag:name names it; replaces those it has.',
    }),
    cloud: cloudSchema.optional().meta({ description: 'Microsoft 365 cloud; by default enterprise.' }),
    contentTypes: collectionMembers.contentTypes
      .optional()
      .meta({ description: 'What to collect; by default all content types except DLP.All.' }),
    repairDrift: collectionMembers.repairDrift
      .optional()
      .meta({ description: 'Whether auditing that was turned off is turned on again automatically.' }),
    retention: collectionMembers.retention.optional().meta({
      description: 'How long data is kept; by default as the settings of the app say. {} is forever.',
    }),
  })
  .refine(({ tenantId, domain }) => (tenantId === undefined) !== (domain === undefined), {
    path: ['tenantId'],
    error: 'or domain is required, but not both',
  });
export type TenantRegistration = z.infer<typeof tenantRegistrationSchema>;

/**
 * Registering again changes the settings that were sent and repeats the checks. A refusal by Microsoft does not undo
 * the registration: it is stored with the tenant as failed checks, which are repeated for a day.
 * @returns the tenant, and whether it is new
 * @throws RequestError for a domain or a new ID that no tenant has, or a tenant that is being removed
 * @throws when storage fails
 */
export async function registerTenant(
  deps: CheckTenantDeps,
  registration: TenantRegistration,
): Promise<{ tenant: Tenant; created: boolean }> {
  const tenantId = await tenantIdOf(deps, registration);
  return await registerTenantById(deps, tenantId, registration);
}

/** As {@link registerTenant}, of a tenant whose ID is known. @param chosen its domain is stored, and its ID ignored */
export async function registerTenantById(
  deps: CheckTenantDeps,
  tenantId: string,
  chosen: TenantRegistration,
): Promise<{ tenant: Tenant; created: boolean }> {
  const { before, tenant } = await storeRegistration(deps, tenantId, chosen);
  const contentTypes = tenant.contentTypes.length;
  deps.telemetry('tenants.tenant.registered', { tenantId, contentTypes });
  const checked = await checkTenant(deps, tenant);
  // Again: the process may have ended before it requested the first poll.
  if (before?.state === 'Active') await beginCollecting(deps, checked);
  await followUp(deps, checked, 0);
  return { tenant: checked, created: before === undefined };
}

const defaultCloud = 'enterprise';

interface Registered {
  readonly before: StoredTenant | undefined;
  readonly tenant: Tenant;
}

/** Again when the tenant changed since it was read: its removal may have begun. @throws RequestError then */
async function storeRegistration(
  deps: Pick<CheckTenantDeps, 'tenants' | 'policy' | 'now'>,
  tenantId: string,
  registration: TenantRegistration,
): Promise<Registered> {
  const before = await deps.tenants.get(tenantId);
  if (before?.state === 'Removing') throw beingRemoved();
  // Only new tenants follow the policy.
  const was = before ?? unsaidBy(await deps.policy.get());
  const changes = changesOf(registration, tenantId, was);
  const tenant = { ...(before ?? newTenant(tenantId, deps.now())), ...changes };
  const isStored =
    before === undefined
      ? await deps.tenants.create(tenant)
      : await deps.tenants.updateIfUnchanged(before, changes);
  return isStored ? { before, tenant } : await storeRegistration(deps, tenantId, registration);
}

type Defaults = Pick<Tenant, 'cloud' | 'contentTypes' | 'repairDrift'> & Partial<Tenant>;

/** What a new tenant gets unless its registration says otherwise. */
function unsaidBy(policy: Policy): Defaults {
  const { contentTypes, repairDrift = false, retention } = policy;
  return { cloud: defaultCloud, contentTypes: contentTypes ?? defaultContentTypes, repairDrift, retention };
}

/** Settings that were not sent keep their values. @param was for a new tenant, what it gets by default */
function changesOf(registration: TenantRegistration, tenantId: string, was: Defaults) {
  const { cloud = was.cloud, domain = was.domain } = registration;
  const { displayName = domain ?? tenantId } = was;
  return { domain, cloud, ...settingsAfter({ ...was, displayName }, registration) };
}

function newTenant(tenantId: string, now: Date) {
  const poll = { nextPollAt: now, quietPolls: 0 };
  const state = 'PendingConsent' as const;
  return { tenantId, state, checks: [], subscriptions: [], poll, createdDateTime: now };
}

/**
 * The ID of the tenant that a registration names. Who knows the ID of a tenant can register it while sign-in does not
 * answer.
 * @throws RequestError 400 with target `domain` or `tenantId` when no tenant has it; 503 with Retry-After while sign-in
 * does not say which tenant has the domain
 */
export async function tenantIdOf(
  { tenants, signIn }: Pick<CheckTenantDeps, 'tenants' | 'signIn'>,
  { tenantId, domain = '', cloud = defaultCloud }: TenantRegistration,
): Promise<string> {
  if (tenantId === undefined) return await findTenantId(signIn, domain, cloud);
  if ((await tenants.get(tenantId)) !== undefined) return tenantId;
  const found = await signIn.findTenantId(tenantId, cloud).catch(onRefusal(() => tenantId));
  if (found !== undefined) return tenantId;
  const message = `Microsoft has no tenant with this ID: check it, and the cloud (${cloud}).`;
  throw invalidParameter('tenantId', message);
}

async function findTenantId(signIn: SignIn, domain: string, cloud: Cloud): Promise<string> {
  const refused = onRefusal((cause): never => {
    const message = `${cause.message} Try again, or register by tenant ID.`;
    throw new RequestError(503, cause.code, message, { headers: { 'Retry-After': '30' }, cause });
  });
  const found = await signIn.findTenantId(domain, cloud).catch(refused);
  if (found !== undefined) return found;
  const message = `No tenant of the cloud ${cloud} has the domain ${domain}. Check its spelling and the cloud.`;
  throw invalidParameter('domain', message);
}
