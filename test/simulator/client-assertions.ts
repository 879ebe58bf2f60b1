/** Checks how an application authenticates to the sign-in service. */

import { X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import type { Tokens } from './tokens.ts';

/** The vendor's app registration and its credentials. */
export interface AppRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly expiredClientSecrets: readonly string[];
  /** Allowed redirect URIs after consent; undefined allows any. */
  readonly redirectUris?: readonly string[] | undefined;
  /** The certificate whose private key signs assertions. */
  readonly certificatePem?: string | undefined;
  readonly federatedIdentity: FederatedIdentity;
}

/** The federated identity credential, whose tokens are accepted as the application's assertion. */
interface FederatedIdentity {
  readonly issuer: string;
  /** Object ID of the managed identity. */
  readonly subject: string;
  readonly audience: string;
}

/** Entra allows for clock skew, and MSAL rounds the current second up. */
const clockToleranceSeconds = 300;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Returns undefined if the form proves the application's identity, otherwise the AADSTS number of the refusal. */
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

/** The refusal is the same for every reason for which the assertion is not trusted. */
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
