/** The consent links to send, made when someone asks for them: they are credentials, and stored nowhere but as hashes. */
import pMap from 'p-map';
import { RequestError } from '../errors.ts';
import { isFinished } from '../operations/operation.ts';
import {
  createConsentLink,
  needsConsent,
  type ConsentLink,
  type ConsentLinkDeps,
} from '../tenants/consent.ts';
import { isManaged } from '../tenants/managed.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { Onboarding } from './onboarding.ts';

export interface OnboardingLinksDeps extends ConsentLinkDeps {
  readonly tenants: Pick<TenantStore, 'list'>;
}

export interface TenantLink extends ConsentLink {
  /** Of the onboarding, from 1. */
  readonly row: number;
  readonly tenant: StoredTenant;
}

/** Each is one row in storage. */
const concurrency = 16;

/**
 * New links for the tenants of an onboarding that need consent now, in the order of its rows; earlier links stay valid.
 * @param callbackUrl exactly as registered as redirect URI
 * @throws RequestError 409 while the onboarding is running: some tenants would be missing
 */
export async function createOnboardingLinks(
  deps: OnboardingLinksDeps,
  one: Onboarding,
  callbackUrl: string,
): Promise<readonly TenantLink[]> {
  if (!isFinished(one)) throw notReady();
  if (one.request.dryRun) return [];
  const tenants = new Map((await deps.tenants.list()).map((tenant) => [tenant.tenantId, tenant]));
  const pending = one.state.results.flatMap((result, at) => {
    const tenant = tenants.get(result?.tenantId ?? '');
    const isWanted = result?.outcome !== 'Refused' && isManaged(tenant) && needsConsent(tenant);
    return isWanted ? [{ row: at + 1, tenant }] : [];
  });
  const create = async ({ row, tenant }: (typeof pending)[number]): Promise<TenantLink> => {
    const { url, expiresAt } = await createConsentLink(deps, tenant, callbackUrl);
    return { row, tenant, url, expiresAt };
  };
  return await pMap(pending, create, { concurrency });
}

function notReady(): RequestError {
  const message = 'The onboarding is still running. Try again when it has ended.';
  return new RequestError(409, 'OnboardingNotReady', message, { headers: { 'Retry-After': '10' } });
}
