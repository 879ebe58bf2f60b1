/** When the credential of the app expires, and whether to warn about it. */
import { X509Certificate } from 'node:crypto';
import type { CredentialSettings } from '../config.ts';
import type { Telemetry } from '../telemetry.ts';

export interface ExpiryDeps {
  readonly credential: CredentialSettings;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

const warnBeforeDays = 30;
const dayMs = 24 * 60 * 60_000;

/** Reports a credential that expires soon or has expired: `daysLeft` is negative then. @throws for a malformed certificate */
export function reportExpiry({ credential, telemetry, now }: ExpiryDeps): void {
  const expires = expiryOf(credential);
  if (expires === undefined) return;
  const daysLeft = Math.floor((expires.getTime() - now().getTime()) / dayMs);
  if (daysLeft <= warnBeforeDays)
    telemetry('watch.credential.expiring', { credential: credential.kind, daysLeft });
}

/** Undefined if it does not expire, or if its expiry is not configured. */
function expiryOf(credential: CredentialSettings): Date | undefined {
  switch (credential.kind) {
    case 'certificate':
      return new Date(new X509Certificate(credential.pem).validTo);
    case 'secret':
      return credential.expires;
    case 'managedIdentity':
      return undefined;
  }
}
