/** Checks how an application proves to the sign-in service who it is. */

import { X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import type { Tokens } from './tokens.ts';

/** The application registration of the vendor, and what it may present. */
export interface AppRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly expiredClientSecrets: readonly string[];
  /** Where an administrator may be sent after consent; undefined: anywhere. */
  readonly redirectUris?: readonly string[] | undefined;
  /** The certificate whose private key may sign assertions. */
  readonly certificatePem?: string | undefined;
  readonly federatedIdentity: FederatedIdentity;
}

/** The federated identity credential: whose tokens count as the application's assertion. */
interface FederatedIdentity {
  readonly issuer: string;
  /** Object id of the managed identity. */
  readonly subject: string;
  readonly audience: string;
}

/** Entra allows for clocks that differ, and MSAL rounds the present second up. */
const clockToleranceSeconds = 300;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Returns undefined when the form proves the application's identity, else the AADSTS number of the refusal. */
export const refusalOf = async (
  form: URLSearchParams,
  app: AppRegistration,
  proof: { readonly tokens: Tokens; readonly audiences: readonly string[] },
): Promise<number | undefined> => {
  const assertion = form.get('client_assertion');
  if (assertion !== null && form.get('client_assertion_type') === assertionType) {
    return isFederated(assertion, app.federatedIdentity)
      ? refusalOfFederated(assertion, app.federatedIdentity, proof.tokens)
      : refusalOfCertificate(assertion, app, proof.audiences);
  }
  return refusalOfSecret(form.get('client_secret'), app);
};

const refusalOfSecret = (secret: string | null, app: AppRegistration): number | undefined => {
  if (secret === null) return 7000218;
  if (secret === app.clientSecret) return undefined;
  return app.expiredClientSecrets.includes(secret) ? 7000222 : 7000215;
};

const isFederated = (assertion: string, identity: FederatedIdentity): boolean => {
  try {
    return decodeJwt(assertion).iss === identity.issuer;
  } catch {
    return false;
  }
};

const refusalOfFederated = (
  assertion: string,
  identity: FederatedIdentity,
  tokens: Tokens,
): number | undefined => {
  const token = tokens.read(assertion);
  if (token === undefined) return 700027;
  return token.subject === identity.subject && token.audience === identity.audience ? undefined : 700213;
};

/** Any reason for which the assertion cannot be trusted is the same refusal for the caller. */
const refusalOfCertificate = async (
  assertion: string,
  app: AppRegistration,
  audiences: readonly string[],
): Promise<number | undefined> => {
  if (app.certificatePem === undefined) return 700027;
  try {
    const header = decodeProtectedHeader(assertion);
    if (!namesCertificate(header, app.certificatePem)) return 700027;
    const key = await importX509(app.certificatePem, header.alg ?? 'RS256');
    await jwtVerify(assertion, key, {
      algorithms: ['RS256', 'PS256'],
      issuer: app.clientId,
      subject: app.clientId,
      audience: [...audiences],
      requiredClaims: ['exp', 'jti'],
      clockTolerance: clockToleranceSeconds,
    });
    return undefined;
  } catch {
    return 700027;
  }
};

const namesCertificate = (
  header: { readonly x5t?: string; readonly 'x5t#S256'?: unknown },
  certificatePem: string,
): boolean => {
  const certificate = new X509Certificate(certificatePem);
  return (
    header['x5t#S256'] === base64UrlOf(certificate.fingerprint256) ||
    header.x5t === base64UrlOf(certificate.fingerprint)
  );
};

const base64UrlOf = (fingerprint: string): string =>
  Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
