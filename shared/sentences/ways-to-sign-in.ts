/** Ways to sign in that attackers like, as user agents and request types name them. */

/**
 * User agents of sign-ins with nothing but a password, which skip multifactor authentication: IMAP, POP, SMTP, and
 * applications that hand over a password.
 */
const passwordOnly = /BAV2ROPC|CBAInPROD|CBAInTAR/i;

/** Request type of the page that asks users to confirm an application, as with a device code. */
const confirmation = /^cmsi:cmsi$/i;

/** Longer ones than any known are cut. */
const maxLength = 500;

/** The name of the old protocol as in the user agent; undefined for other user agents. */
export function oldProtocolIn(userAgent: string): string | undefined {
  return passwordOnly.exec(userAgent.slice(0, maxLength))?.[0];
}

export function isConfirmation(requestType: string): boolean {
  return confirmation.test(requestType.trim());
}
