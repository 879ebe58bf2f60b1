/**
 * Why someone was not signed in with Microsoft Entra ID, from what its library throws: the words for it are on the page.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */

/**
 * Its user canceled; the organization has not consented to the app, is not a customer of it, gave its user no role, or does not
 * allow it from here; the answer came too late; nothing answered; or none of these is known.
 */
export type NotSignedIn =
  | 'canceled'
  | 'consentMissing'
  | 'accountRefused'
  | 'noRole'
  | 'policy'
  | 'tooLate'
  | 'unreachable'
  | 'notFinished';

/** By the number of the service. */
const byNumber: ReadonlyMap<number, NotSignedIn> = new Map([
  [65004, 'canceled'],
  [65001, 'consentMissing'],
  [90094, 'consentMissing'],
  [90095, 'consentMissing'],
  [50020, 'accountRefused'],
  [50034, 'accountRefused'],
  [90072, 'accountRefused'],
  [700016, 'accountRefused'],
  [50105, 'noRole'],
  [53000, 'policy'],
  [53001, 'policy'],
  [53002, 'policy'],
  [53003, 'policy'],
  [53004, 'policy'],
  [50089, 'tooLate'],
  [54005, 'tooLate'],
  [70008, 'tooLate'],
  [90006, 'unreachable'],
  [90033, 'unreachable'],
  [90055, 'unreachable'],
]);

/** By the code of OAuth 2.0 or of the library, where there is no number that says more. */
const byCode: ReadonlyMap<string, NotSignedIn> = new Map([
  ['access_denied', 'canceled'],
  ['consent_required', 'consentMissing'],
  ['invalid_grant', 'tooLate'],
  ['timed_out', 'unreachable'],
  ['server_error', 'unreachable'],
  ['temporarily_unavailable', 'unreachable'],
  ['no_network_connectivity', 'unreachable'],
  ['network_error', 'unreachable'],
  ['get_request_failed', 'unreachable'],
  ['post_request_failed', 'unreachable'],
  ['failed_to_parse_response', 'unreachable'],
  ['endpoints_resolution_error', 'unreachable'],
  ['openid_config_error', 'unreachable'],
]);

interface Found {
  readonly why: NotSignedIn;
  /** By which the service's documentation and administrators find it: `AADSTS90094`. */
  readonly code?: string;
}

/** @param thrown by the library, or while it was loaded */
export function whyNotSignedIn(thrown: unknown): Found {
  // Of a script that could not be loaded.
  if (thrown instanceof TypeError) return { why: 'unreachable' };
  const [, number] = /AADSTS(\d+)/.exec(memberOf(thrown, 'errorMessage')) ?? [];
  const why =
    byNumber.get(Number(number)) ?? byCode.get(memberOf(thrown, 'errorCode')) ?? ('notFinished' as const);
  return number === undefined ? { why } : { why, code: `AADSTS${number}` };
}

function memberOf(value: unknown, name: string): string {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : '';
}
