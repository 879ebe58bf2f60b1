/** Admin consent: a link for the customer's administrator, and the answer that Microsoft returns. */
import { randomBytes } from 'node:crypto';
import { cloudEndpoints } from '../activity/clouds.ts';
import { sha256Of } from '../sha256.ts';
import { checkTenant, lookAgain, type CheckTenantDeps } from './check-tenant.ts';
import { findManagedTenant } from './managed.ts';
import { checksOf } from './tenant-checks.ts';
import type { Tenant } from './tenant.ts';

/** Consents that were requested and not granted yet. */
export interface ConsentStore {
  /** @param stateHash hex SHA-256 of the link's state */
  create(stateHash: string, consent: AwaitedConsent): Promise<void>;
  /** Removes and returns a consent, so that it is used only once; undefined when it does not exist. */
  take(stateHash: string): Promise<AwaitedConsent | undefined>;
}

export interface AwaitedConsent {
  readonly tenantId: string;
  readonly expiresAt: Date;
}

export interface ConsentSettings {
  /** Client id of the app registration. */
  readonly clientId: string;
  /** Instead of the cloud's own sign-in root. */
  readonly authorityUrl: string | undefined;
}

export interface ConsentLinkDeps {
  readonly consents: ConsentStore;
  readonly consent: ConsentSettings;
  readonly now: () => Date;
}

/**
 * Consent requests all permissions. It therefore also adds a single missing one, and restores an active tenant whose
 * administrator has removed the application.
 */
export function needsConsent(tenant: Tenant): boolean {
  const failed = checksOf(tenant)
    .filter((check) => check.state === 'Failed')
    .map(({ name }) => name);
  const isMissing = failed.some((name) => name === 'consent' || name.startsWith('permission:'));
  return tenant.state === 'PendingConsent' || isMissing;
}

export interface ConsentLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** An administrator may be on holiday. */
const lifetimeMs = 7 * 24 * 60 * 60_000;

/**
 * Creates a link; earlier ones stay valid. Only an administrator of the tenant can grant the consent that it requests.
 * @param callbackUrl exactly as registered as redirect URI
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export async function createConsentLink(
  { consents, consent, now }: ConsentLinkDeps,
  { tenantId, cloud }: Pick<Tenant, 'tenantId' | 'cloud'>,
  callbackUrl: string,
): Promise<ConsentLink> {
  const state = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now().getTime() + lifetimeMs);
  await consents.create(sha256Of(state), { tenantId, expiresAt });
  const { authorityUrl, graphUrl } = cloudEndpoints[cloud];
  const url = new URL(`${consent.authorityUrl ?? authorityUrl}/${tenantId}/v2.0/adminconsent`);
  url.search = new URLSearchParams({
    client_id: consent.clientId,
    // The default scope of one API requests every permission of every API in the registration.
    scope: `${graphUrl}/.default`,
    redirect_uri: callbackUrl,
    state,
  }).toString();
  return { url: url.href, expiresAt };
}

/**
 * The address that an administrator returns to after consenting.
 * @param publicUrl public address of the app; undefined: the address that the request was sent to
 * @param requestUrl address of a request below `/tenants` or `/onboardings`
 */
export function consentCallbackUrl(publicUrl: string | undefined, requestUrl: string): string {
  const { origin, pathname } = new URL(requestUrl);
  const prefix = pathname.slice(0, pathname.search(/\/(tenants|onboardings)(\/|$)/));
  return `${publicUrl ?? `${origin}${prefix}`}/consent/callback`;
}

/** What Microsoft returns the administrator with. Untrusted: anyone can send this. */
export interface ConsentAnswer {
  readonly state: string | undefined;
  readonly tenant: string | undefined;
  readonly error: string | undefined;
}

export type ConsentOutcome =
  | { readonly kind: 'active' | 'notProven'; readonly tenant: Tenant }
  | { readonly kind: 'declined' | 'otherTenant' | 'unknownState' };

/**
 * Trusts the state only to identify the link that was opened, and nothing else in the answer: a token issued by the
 * tenant proves the consent.
 * @throws when storage fails
 */
export async function receiveConsent(
  deps: CheckTenantDeps & Pick<ConsentLinkDeps, 'consents'>,
  answer: ConsentAnswer,
): Promise<ConsentOutcome> {
  const awaited = answer.state === undefined ? undefined : await deps.consents.take(sha256Of(answer.state));
  const isGood = awaited !== undefined && awaited.expiresAt > deps.now();
  const tenant = isGood ? await findManagedTenant(deps.tenants, awaited.tenantId) : undefined;
  if (tenant === undefined) return { kind: 'unknownState' };
  if (answer.error !== undefined) return { kind: 'declined' };
  if (answer.tenant?.toLowerCase() !== tenant.tenantId) return { kind: 'otherTenant' };
  // First: the link is used up now, so no one could repeat this if the process ended before the check.
  await lookAgain(deps, tenant.tenantId, 0);
  const checked = await checkTenant(deps, tenant);
  return { kind: checked.state === 'Active' ? 'active' : 'notProven', tenant: checked };
}
