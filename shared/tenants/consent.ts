/** Admin consent: a link for the customer's administrator, and what comes back from it. */
import { createHash, randomBytes } from 'node:crypto';
import { cloudEndpoints } from '../activity/clouds.ts';
import { checkTenant, lookAgain, type CheckTenantDeps } from './check-tenant.ts';
import { findManagedTenant } from './managed.ts';
import type { Tenant } from './tenant.ts';

/** Consents that were asked for and not given yet. */
export interface ConsentStore {
  /** @param stateHash hex SHA-256 of the link's state */
  create(stateHash: string, consent: AwaitedConsent): Promise<void>;
  /** Takes a consent away, so that nobody gets it twice; undefined when there is none. */
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
 * Consent asks for all permissions, so it also heals a single one that is missing, and brings an active tenant back
 * whose administrator has removed the application.
 */
export function needsConsent({ state, checks }: Pick<Tenant, 'state' | 'checks'>): boolean {
  const failed = checks.filter((check) => check.state === 'Failed').map(({ name }) => name);
  const isMissing = failed.some((name) => name === 'consent' || name.startsWith('permission:'));
  return state === 'PendingConsent' || isMissing;
}

export interface ConsentLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** An administrator may be on holiday. */
const lifetimeMs = 7 * 24 * 60 * 60_000;

/**
 * A new link; earlier ones stay good. Whoever opens it must be an administrator of the tenant and sees what is asked.
 * @param callbackUrl registered as redirect URI, to the letter
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export async function createConsentLink(
  { consents, consent, now }: ConsentLinkDeps,
  { tenantId, cloud }: Pick<Tenant, 'tenantId' | 'cloud'>,
  callbackUrl: string,
): Promise<ConsentLink> {
  const state = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now().getTime() + lifetimeMs);
  await consents.create(hashOf(state), { tenantId, expiresAt });
  const { authorityUrl, graphUrl } = cloudEndpoints[cloud];
  const url = new URL(`${consent.authorityUrl ?? authorityUrl}/${tenantId}/v2.0/adminconsent`);
  url.search = new URLSearchParams({
    client_id: consent.clientId,
    // The default scope of one API asks for every permission of every API in the registration.
    scope: `${graphUrl}/.default`,
    redirect_uri: callbackUrl,
    state,
  }).toString();
  return { url: url.href, expiresAt };
}

/**
 * Where an administrator comes back to after consenting.
 * @param publicUrl where people reach the app; undefined: where the request was sent to
 * @param requestUrl address of a request below `/tenants`
 */
export function consentCallbackUrl(publicUrl: string | undefined, requestUrl: string): string {
  const { origin, pathname } = new URL(requestUrl);
  const prefix = pathname.slice(0, pathname.indexOf('/tenants'));
  return `${publicUrl ?? `${origin}${prefix}`}/consent/callback`;
}

function hashOf(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}

/** What Microsoft sends the administrator back with; anybody can send anything. */
export interface ConsentAnswer {
  readonly state: string | undefined;
  readonly tenant: string | undefined;
  readonly error: string | undefined;
}

export type ConsentOutcome =
  | { readonly kind: 'active' | 'notProven'; readonly tenant: Tenant }
  | { readonly kind: 'declined' | 'otherTenant' | 'unknownState' };

/**
 * Believes the state only as far as it tells which link was opened, and the rest not at all: a token of the tenant
 * proves the consent.
 * @throws when storage fails
 */
export async function receiveConsent(
  deps: CheckTenantDeps & Pick<ConsentLinkDeps, 'consents'>,
  answer: ConsentAnswer,
): Promise<ConsentOutcome> {
  const awaited = answer.state === undefined ? undefined : await deps.consents.take(hashOf(answer.state));
  const isGood = awaited !== undefined && awaited.expiresAt > deps.now();
  const tenant = isGood ? await findManagedTenant(deps.tenants, awaited.tenantId) : undefined;
  if (tenant === undefined) return { kind: 'unknownState' };
  if (answer.error !== undefined) return { kind: 'declined' };
  if (answer.tenant?.toLowerCase() !== tenant.tenantId) return { kind: 'otherTenant' };
  // First: the link is used up now, and nobody opens it again where the program ends on the way.
  await lookAgain(deps, tenant.tenantId, 0);
  const checked = await checkTenant(deps, tenant);
  return { kind: checked.state === 'Active' ? 'active' : 'notProven', tenant: checked };
}
