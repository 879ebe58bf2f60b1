/** When the credentials of the app expire, and whether to warn about it. */
import { X509Certificate } from 'node:crypto';
import type { CredentialSettings } from '../config.ts';
import type { Telemetry } from '../telemetry.ts';

export interface ExpiryDeps {
  readonly credential: CredentialSettings;
  /** Undefined: unknown, or there is none. */
  readonly partnerTokenExpires: Date | undefined;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

const warnBeforeDays = 30;
const dayMs = 24 * 60 * 60_000;

/** Reports each credential that expires soon or has expired: `daysLeft` is negative then. @throws for a malformed certificate */
export function reportExpiry(deps: ExpiryDeps): void {
  const { credential, partnerTokenExpires } = deps;
  reportIfSoon(deps, 'partnerRefreshToken', partnerTokenExpires);
  reportIfSoon(deps, credential.kind, expiryOf(credential));
}

function reportIfSoon({ telemetry, now }: ExpiryDeps, credential: string, expires: Date | undefined): void {
  if (expires === undefined) return;
  const daysLeft = Math.floor((expires.getTime() - now().getTime()) / dayMs);
  if (daysLeft <= warnBeforeDays) telemetry('watch.credential.expiring', { credential, daysLeft });
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
