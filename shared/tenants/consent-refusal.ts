/** Refusals that only an administrator of the tenant can mend, by consenting again. */

/**
 * The application is unknown or switched off there, nobody has consented, or the token carries no permission.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const codes: ReadonlySet<string> = new Set([
  ...['AADSTS700016', 'AADSTS700011', 'AADSTS7000229', 'AADSTS7000112', 'AADSTS70001'],
  ...['AADSTS65001', 'AADSTS65004', 'AADSTS90094', 'AADSTS90095'],
  'AF10001',
]);

/** @param code as Microsoft gives it */
export function isConsentRefusal(code: string): boolean {
  return codes.has(code);
}
