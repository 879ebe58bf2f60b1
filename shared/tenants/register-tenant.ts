/** Takes a tenant into care: remembers it, and looks whether its audit trail can be kept already. */
import * as z from 'zod';
import { cloudSchema } from '../activity/clouds.ts';
import { contentTypeSchema, defaultContentTypes } from '../activity/content-types.ts';
import { invalidParameter, RequestError, UpstreamError } from '../errors.ts';
import { beginCollecting, checkTenant, followUp, type CheckTenantDeps } from './check-tenant.ts';
import { beingRemoved } from './managed.ts';
import type { SignIn } from './sign-in.ts';
import { tenantIdSchema, type Tenant } from './tenant.ts';

/** At least two labels; international names in their ASCII form. */
const domainSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'is no domain');

/** Body of `POST /tenants`: the tenant by its id or by one of its domains. */
export const tenantRegistrationSchema = z
  .strictObject({
    tenantId: tenantIdSchema.optional().meta({ description: 'The tenant by its id; or send domain.' }),
    domain: domainSchema
      .optional()
      .meta({ description: 'The tenant by one of its domains; or send tenantId.' }),
    /** @default the domain, or else the id */
    displayName: z
      .string()
      .trim()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: 'Its name for people; the domain or the id unless there is one.' }),
    /** @default enterprise */
    cloud: cloudSchema
      .optional()
      .meta({ description: 'Microsoft 365 cloud; enterprise unless asked otherwise.' }),
    /** @default all but DLP.All */
    contentTypes: z
      .array(contentTypeSchema)
      .min(1)
      .transform((types) => [...new Set(types)])
      .optional()
      .meta({ description: 'What to collect; all but DLP.All unless asked otherwise.' }),
    /**
     * Auditing that somebody switched off is switched on again without asking.
     * @default false
     */
    repairDrift: z
      .boolean()
      .optional()
      .meta({ description: 'Switches auditing on again when somebody switches it off.' }),
  })
  .refine(({ tenantId, domain }) => (tenantId === undefined) !== (domain === undefined), {
    path: ['tenantId'],
    error: 'send either tenantId or domain',
  });
export type TenantRegistration = z.infer<typeof tenantRegistrationSchema>;

/**
 * Registering again changes what is said, and looks anew. What Microsoft refuses does not undo the
 * registration: it is kept on the tenant as checks, and looked at again for a day.
 * @returns the tenant, and whether it is new
 * @throws RequestError for a domain that no tenant has, or a tenant that is being removed
 * @throws when storage fails
 */
export async function registerTenant(
  deps: CheckTenantDeps,
  registration: TenantRegistration,
): Promise<{ tenant: Tenant; created: boolean }> {
  const tenantId = registration.tenantId ?? (await findTenantId(deps.signIn, registration));
  const before = await deps.tenants.get(tenantId);
  if (before?.state === 'Removing') throw beingRemoved();
  const changes = changesOf(registration, tenantId, before);
  const tenant = { ...(before ?? newTenant(tenantId, deps.now())), ...changes };
  const created = before === undefined && (await deps.tenants.create(tenant));
  if (!created) await deps.tenants.update(tenantId, changes);
  const contentTypes = tenant.contentTypes.length;
  deps.telemetry('tenants.tenant.registered', { tenantId, contentTypes });
  const checked = await checkTenant(deps, tenant);
  // Again: a request for the first poll may have been lost with the program.
  if (before?.state === 'Active') await beginCollecting(deps, checked);
  await followUp(deps, checked, 0);
  return { tenant: checked, created };
}

type Policy = Pick<Tenant, 'cloud' | 'contentTypes' | 'repairDrift'>;
const unsaid: Policy = { cloud: 'enterprise', contentTypes: defaultContentTypes, repairDrift: false };

/** What is not said stays as it was. */
function changesOf(registration: TenantRegistration, tenantId: string, before: Tenant | undefined) {
  const was: Policy & Partial<Tenant> = { ...unsaid, ...before };
  const { cloud = was.cloud, contentTypes = was.contentTypes, repairDrift = was.repairDrift } = registration;
  const domain = registration.domain ?? was.domain;
  const displayName = registration.displayName ?? was.displayName ?? domain ?? tenantId;
  return { displayName, domain, cloud, contentTypes, repairDrift };
}

function newTenant(tenantId: string, now: Date) {
  const poll = { nextPollAt: now, quietPolls: 0 };
  const state = 'PendingConsent' as const;
  return { tenantId, state, checks: [], subscriptions: [], poll, createdDateTime: now };
}

async function findTenantId(signIn: SignIn, registration: TenantRegistration): Promise<string> {
  const { domain = '', cloud = unsaid.cloud } = registration;
  try {
    const found = await signIn.findTenantId(domain, cloud);
    if (found !== undefined) return found;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    throw new RequestError(503, error.code, `${error.message} Try again, or register by tenant id.`, {
      headers: { 'Retry-After': '30' },
      cause: error,
    });
  }
  throw invalidParameter(
    'domain',
    `domain: no tenant of the cloud ${cloud} has the domain ${domain}. Check its spelling and the cloud.`,
  );
}
