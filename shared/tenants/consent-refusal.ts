/** Refusals that last until a person acts: the tenant's consent is missing, or our credential is not accepted. */
import type { Tenant } from './tenant.ts';

/**
 * Only an administrator of the tenant can fix these: the application is unknown or disabled there, no one has
 * consented, or the token carries no permission.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const consentCodes: ReadonlySet<string> = new Set([
  ...['AADSTS700016', 'AADSTS700011', 'AADSTS7000229', 'AADSTS7000112', 'AADSTS70001'],
  ...['AADSTS65001', 'AADSTS65004', 'AADSTS90094', 'AADSTS90095'],
  'AF10001',
]);

/**
 * Only the operator can fix these: a wrong or expired secret, a certificate or assertion that is refused, a kind of
 * credential that the registration does not accept, or no federated credential that matches the managed identity.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const credentialCodes: ReadonlySet<string> = new Set([
  ...['AADSTS7000215', 'AADSTS7000222'],
  ...['AADSTS700027', 'AADSTS50012', 'AADSTS50013', 'AADSTS500133'],
  ...['AADSTS7000218', 'AADSTS700025'],
  ...['AADSTS70021', 'AADSTS700211', 'AADSTS700212', 'AADSTS700213', 'AADSTS700229'],
]);

/** Whether sign-in is refused, and with it every request for the tenant. @param code Microsoft's error code */
export function isSignInRefusal(code: string): boolean {
  return credentialCodes.has(code) || (consentCodes.has(code) && code.startsWith('AADSTS'));
}

type Polled = Pick<Tenant, 'contentTypes' | 'subscriptions'>;

/** Whether the last polls collected nothing from the tenant because consent or a valid credential is missing. */
export function isRefused(tenant: Polled): boolean {
  return refusals(tenant, (code) => consentCodes.has(code) || credentialCodes.has(code)) !== undefined;
}

/** The refusal's code, if every content type of the tenant is refused because consent is missing. */
export function lostConsent(tenant: Polled): string | undefined {
  return refusals(tenant, (code) => consentCodes.has(code))?.[0];
}

/** The codes of all content types; undefined unless each has such a refusal. */
function refusals(
  { contentTypes, subscriptions }: Polled,
  isMeant: (code: string) => boolean,
): readonly string[] | undefined {
  const codes = contentTypes.flatMap((contentType) => {
    const state = subscriptions.find((subscription) => subscription.contentType === contentType);
    return state?.enabled === false && state.errorCode !== undefined ? [state.errorCode] : [];
  });
  return codes.length === contentTypes.length && codes.every(isMeant) ? codes : undefined;
}
