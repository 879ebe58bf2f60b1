/** When the credential of the app ends, and whether it is time to say so. */
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

/** Reports a credential that ends soon, or has ended: `daysLeft` is then below zero. @throws for a malformed certificate */
export function reportExpiry({ credential, telemetry, now }: ExpiryDeps): void {
  const expires = expiryOf(credential);
  if (expires === undefined) return;
  const daysLeft = Math.floor((expires.getTime() - now().getTime()) / dayMs);
  if (daysLeft <= warnBeforeDays)
    telemetry('watch.credential.expiring', { credential: credential.kind, daysLeft });
}

/** Undefined where nothing ends, or nobody said when. */
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
