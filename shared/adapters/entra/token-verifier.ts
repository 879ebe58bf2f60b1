/** Verifies incoming Microsoft Entra ID tokens with their issuer's keys. */
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import * as z from 'zod';
import type { Identity } from '../../access/caller.ts';
import type { TokenClaims, TokenVerifier } from '../../access/entra-token.ts';
import { cloudEndpoints } from '../../activity/clouds.ts';
import { RequestError } from '../../errors.ts';

export interface TokenVerifierOptions {
  /** The app registration that tokens must be for. */
  readonly clientId: string;
  /** Instead of the clouds' own sign-in roots. */
  readonly authorityUrl: string | undefined;
  readonly now: () => Date;
}

const lowerGuid = z.guid().transform((id) => id.toLowerCase());

/**
 * `azp` (version 2) or `appid` (version 1) names the client that requested an access token. An ID token, which carries
 * roles as well, has neither.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
const claimsSchema = z
  .object({
    tid: lowerGuid,
    oid: lowerGuid,
    azp: z.string().optional(),
    appid: z.string().optional(),
    idtyp: z.string().optional(),
    scp: z.string().optional(),
    name: z.string().optional(),
    preferred_username: z.string().optional(),
    roles: z.array(z.string()).default([]),
  })
  .refine(({ azp, appid }) => azp !== undefined || appid !== undefined);

const clockToleranceSeconds = 60;
const keySetOptions = {
  timeoutDuration: 5000,
  /** An unknown key makes the set be fetched again, but not more often than this. */
  cooldownDuration: 30_000,
  cacheMaxAge: 60 * 60_000,
};

export function createTokenVerifier({ clientId, authorityUrl, now }: TokenVerifierOptions): TokenVerifier {
  const issuers = createIssuers(authorityUrl);
  const audience = [clientId, `api://${clientId}`];
  return {
    async verify(token) {
      const issuer = issuers(unverified(token));
      if (issuer === undefined) return undefined;
      try {
        const { payload, protectedHeader } = await jwtVerify(token, issuer.keys, {
          issuer: issuer.name,
          audience,
          algorithms: ['RS256'],
          requiredClaims: ['exp'],
          clockTolerance: clockToleranceSeconds,
          currentDate: now(),
        });
        return isKeyOf(issuer, protectedHeader.kid) ? toClaims(payload) : undefined;
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw unavailable(error);
      }
    },
  };
}

/** One that a token may name. */
interface Issuer {
  /** Claim `iss`. */
  readonly name: string;
  /** What the signing keys of the tenant may name: this, or the issuer's own name. */
  readonly version2: string;
  readonly tenantId: string;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

const keySchema = z.object({ kid: z.string().optional(), issuer: z.string().optional() });

/**
 * Whether the key is for this issuer: the keys of a sign-in root are served together, and some are for one tenant only.
 * Keys never name an issuer of version 1, so its tokens are signed with keys of version 2. A key that names no issuer
 * is refused.
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.8
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
 */
function isKeyOf({ name, version2, tenantId, keys }: Issuer, kid: string | undefined): boolean {
  const named = (keys.jwks()?.keys ?? []).map((key) => keySchema.parse(key)).filter((key) => key.kid === kid);
  const issuers = named.map((key) => key.issuer?.replace('{tenantid}', tenantId));
  return issuers.length > 0 && issuers.every((issuer) => issuer === name || issuer === version2);
}

/**
 * Finds the issuer of a token among the trusted sign-in roots; the keys of a root are served for all tenants together.
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer
 */
function createIssuers(authorityUrl: string | undefined) {
  const clouds = new Set(Object.values(cloudEndpoints).map((cloud) => cloud.authorityUrl));
  const roots = (authorityUrl === undefined ? [...clouds] : [authorityUrl]).map((root) => ({
    root,
    keys: createRemoteJWKSet(new URL(`${root}/common/discovery/v2.0/keys`), keySetOptions),
  }));
  return (claims: JWTPayload | undefined): Issuer | undefined => {
    const tid = lowerGuid.safeParse(claims?.['tid']).data;
    if (tid === undefined) return undefined;
    const known = roots.flatMap(({ root, keys }, index) => {
      const version2 = `${root}/${tid}/v2.0`;
      // Version 1 has no cloud: the first one is assumed.
      const names = [version2, ...(index === 0 ? [`https://sts.windows.net/${tid}/`] : [])];
      return names.map((name) => ({ name, version2, tenantId: tid, keys }));
    });
    return known.find(({ name }) => name === claims?.iss);
  };
}

/** Only to find the keys; nothing in it is trusted before the signature is verified. */
function unverified(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function toClaims(payload: JWTPayload): TokenClaims | undefined {
  const claims = claimsSchema.safeParse(payload).data;
  if (claims === undefined) return undefined;
  return { tenantId: claims.tid, objectId: claims.oid, roles: claims.roles, identity: identityIn(claims) };
}

/**
 * Only tokens for users have delegated scopes (`scp`). `idtyp` says it as well, where the registration requests that.
 * The names are for display: users can change them.
 */
function identityIn({ idtyp, scp, ...claims }: z.output<typeof claimsSchema>): Identity {
  if (idtyp === 'app' || (idtyp === undefined && scp === undefined)) return { kind: 'EntraApplication' };
  return { kind: 'EntraUser', displayName: claims.name ?? claims.preferred_username };
}

/** Whether the token is wrong, rather than the issuer's keys unavailable. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  // The generic code is for an issuer that does not respond with keys.
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code);
}

function unavailable(cause: unknown): RequestError {
  const message = 'Could not fetch the Microsoft Entra ID signing keys to verify the token. Retry later.';
  return new RequestError(503, 'SignInUnavailable', message, { headers: { 'Retry-After': '10' }, cause });
}
