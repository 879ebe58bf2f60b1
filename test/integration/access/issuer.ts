/** An invented sign-in service: serves its keys over HTTP, and signs any token for a test. */
import { createServer } from 'node:http';
import { createSecretKey } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK } from 'jose';
import { closeServer, listenLocally } from '../../support/local-server.ts';

export const clientId = '5b7c1d90-3e42-4a68-9f01-c2d3e4f5a6b7';
export const publisherId = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

/** How a token differs from a sound one. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signed by another key than the issuer shows. */
  readonly isForged?: boolean;
}

/** A key that the service begins to show. */
export interface NewKey {
  /** The issuer that the key is for; undefined: the key names none. */
  readonly issuer: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>;

/** Listens on a free port of this machine; {@link Issuer.stop} ends it. */
export async function startIssuer() {
  const state = { status: 200, requests: 0 };
  const [own, foreign] = [await newKeyPair('own-key'), await newKeyPair('own-key')];
  const shown: JWK[] = [];
  const server = createServer((request, response) => {
    state.requests += 1;
    const isKeys = request.url === '/common/discovery/v2.0/keys';
    response.writeHead(isKeys ? state.status : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: shown }));
  });
  const url = `http://127.0.0.1:${await listenLocally(server)}`;
  const show = ({ jwk }: KeyPair, issuer: string | undefined): void => {
    shown.push(Object.assign({}, jwk, issuer === undefined ? {} : { issuer }));
  };
  const ofAnyTenant = `${url}/{tenantid}/v2.0`;
  show(own, ofAnyTenant);

  const sign = async (pair: KeyPair, tid: string, { claims = {}, header = {} }: TokenChanges) => {
    const payload = { ...soundClaims(url, tid), ...claims };
    const given = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
    return await new SignJWT(given)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: pair.jwk.kid, ...header })
      .sign(pair.privateKey);
  };

  return {
    url,
    state,
    /** A token of the tenant, sound but for the changes. */
    token: (tid: string, changes: TokenChanges = {}): Promise<string> =>
      sign(changes.isForged === true ? foreign : own, tid, changes),
    /** Signed with a key that the issuer shows only from now on. */
    async tokenOfNewKey(tid: string, key: NewKey = { issuer: ofAnyTenant }): Promise<string> {
      const pair = await newKeyPair(`key-${shown.length}`);
      show(pair, key.issuer);
      return await sign(pair, tid, { claims: key.claims ?? {} });
    },
    /** Signed as a shared secret would, with the public key for the secret. */
    confused: async (tid: string): Promise<string> =>
      await new SignJWT(soundClaims(url, tid))
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: own.jwk.kid })
        .sign(createSecretKey(Buffer.from(own.spki))),
    /** Not signed at all. */
    unsigned: (tid: string): string =>
      [{ alg: 'none', typ: 'JWT' }, soundClaims(url, tid)]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.') + '.',
    stop: () => closeServer(server),
  };
}

type KeyPair = Awaited<ReturnType<typeof newKeyPair>>;

async function newKeyPair(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig' };
  return { privateKey, jwk, spki: await exportSPKI(publicKey) };
}

/** An app-only token of version 2, good for an hour. */
function soundClaims(url: string, tid: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    ...{ iss: `${url}/${tid}/v2.0`, aud: clientId, tid, ver: '2.0' },
    ...{ iat: now, nbf: now, exp: now + 3600 },
    ...{ oid: '6f1e2d3c-4b5a-4968-8776-5544332211ff', azp: 'c0ffee00-1234-4abc-8def-0123456789ab' },
    roles: ['Records.Read'],
  };
}

/** The token with one character of a part changed. */
export function tampered(token: string, part: 0 | 1 | 2): string {
  const parts = token.split('.');
  const text = parts[part] ?? '';
  const at = Math.floor(text.length / 2);
  parts[part] = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  return parts.join('.');
}
