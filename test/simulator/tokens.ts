/** The keys and tokens of the simulated sign-in service: with real signatures, accepted only if issued here. */

import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type GenerateKeyPairResult, type JWK } from 'jose';

export interface AccessToken {
  readonly tenantId: string;
  /** The resource, for example `https://manage.office.com`. */
  readonly audience: string;
  readonly issuer: string;
  readonly subject: string;
  /** Application roles at the time when the token was issued. */
  readonly roles: readonly string[];
  /** Claims that are copied into the token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface Tokens {
  /** Signs a token that is valid for `lifetimeSeconds` by this machine's clock. */
  mint(token: AccessToken, lifetimeSeconds: number): Promise<string>;
  /** Returns the claims of a token, or undefined if it was not issued here or has expired. */
  read(text: string): AccessToken | undefined;
  keySet(): { readonly keys: readonly JWK[] };
}

interface Minted {
  readonly token: AccessToken;
  readonly expiresAtMs: number;
}

interface SigningKey extends GenerateKeyPairResult {
  readonly kid: string;
}

const createSigningKey = async (): Promise<SigningKey> => ({
  ...(await generateKeyPair('RS256')),
  kid: randomUUID(),
});

/** Generating an RSA key is slow, so the simulators of a process share one. */
let signingKey: Promise<SigningKey> | undefined;

/** Tokens of one instance are invalid in another. */
export const createTokens = async (): Promise<Tokens> => {
  signingKey ??= createSigningKey();
  const { kid, publicKey, privateKey } = await signingKey;
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
  const minted = new Map<string, Minted>();

  const mint = async (token: AccessToken, lifetimeSeconds: number): Promise<string> => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const text = await new SignJWT(payloadOf(token))
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid, x5t: kid })
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(privateKey);
    minted.set(text, { token, expiresAtMs: (issuedAt + lifetimeSeconds) * 1000 });
    return text;
  };

  const read = (text: string): AccessToken | undefined => {
    const known = minted.get(text);
    return known !== undefined && known.expiresAtMs > Date.now() ? known.token : undefined;
  };

  return { mint, read, keySet: () => ({ keys: [publicJwk] }) };
};

/** Returns the bearer token of an Authorization header, or undefined. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer (?<token>\S+)$/i.exec(authorization ?? '')?.groups?.['token'];

const payloadOf = (token: AccessToken): Record<string, unknown> => ({
  ...token.claims,
  aud: token.audience,
  iss: token.issuer,
  sub: token.subject,
  tid: token.tenantId,
  jti: randomUUID(),
  ...(token.roles.length > 0 ? { roles: token.roles } : {}),
});
