/** The part of Key Vault that reads secrets. */

import { jsonReply, queryOf, type HttpRequest, type Reply, type Router } from './http.ts';
import type { ManagedIdentity } from './managed-identity.ts';
import { vaultAudience } from './resources.ts';
import { bearerOf, type Tokens } from './tokens.ts';

interface VaultSecret {
  readonly value: string;
  /** A secret that is not can no longer be read. @default true */
  readonly enabled?: boolean;
}

/** The secrets, and who may read them. */
export interface Vault {
  /** Adds a secret, or a new version of it. */
  set(name: string, secret: VaultSecret): void;
  get(name: string): VaultSecret | undefined;
  /** Whether the managed identity may read secrets. @default true */
  allow(isAllowed: boolean): void;
  isAllowed(): boolean;
}

export interface VaultOptions {
  readonly vault: Vault;
  readonly tokens: Tokens;
  /** The only one that may read it. */
  readonly managedIdentity: ManagedIdentity;
}

/** @param secrets values by name */
export const createVault = (secrets: Readonly<Record<string, string>> = {}): Vault => {
  const known = new Map<string, VaultSecret>(
    Object.entries(secrets).map(([name, value]) => [name.toLowerCase(), { value }]),
  );
  let isAllowed = true;
  return {
    set: (name, secret) => void known.set(name.toLowerCase(), secret),
    get: (name) => known.get(name.toLowerCase()),
    allow: (next) => {
      isAllowed = next;
    },
    isAllowed: () => isAllowed,
  };
};

/** @see https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses */
export const vaultError = (
  status: number,
  code: string,
  message: string,
  { inner, headers = {} }: { readonly inner?: string; readonly headers?: Reply['headers'] } = {},
): Reply => {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } };
  return jsonReply(status, { error: { code, message, ...innererror } }, headers);
};

/** @see https://learn.microsoft.com/azure/key-vault/general/overview-throttling */
export const vaultThrottled = (headers: Reply['headers'] = {}): Reply =>
  vaultError(429, 'Throttled', 'Request was not processed because too many requests were received.', {
    headers,
  });

export const createVaultRouter =
  (options: VaultOptions): Router =>
  (request) => {
    const name = /^\/secrets\/(?<name>[0-9A-Za-z-]{1,127})$/.exec(request.url.pathname)?.groups?.['name'];
    if (name === undefined || request.method !== 'GET') return undefined;
    return { call: { operation: 'vault' }, answer: () => answerSecret(options, request, name) };
  };

const answerSecret = (options: VaultOptions, request: HttpRequest, name: string): Reply => {
  const refusal = refusalOf(options, request);
  if (refusal !== undefined) return refusal;
  const secret = options.vault.get(name);
  if (secret === undefined) {
    return vaultError(
      404,
      'SecretNotFound',
      `A secret with (name/id) ${name} was not found in this key vault.`,
    );
  }
  if (secret.enabled === false) {
    const message = 'Operation get is not allowed on a disabled secret.';
    return vaultError(403, 'Forbidden', message, { inner: 'SecretDisabled' });
  }
  const id = new URL(`/secrets/${name}/${'0'.repeat(32)}`, request.url).href;
  return jsonReply(200, { value: secret.value, id, attributes: { enabled: true } });
};

const refusalOf = (
  { vault, tokens, managedIdentity }: VaultOptions,
  request: HttpRequest,
): Reply | undefined => {
  if (queryOf(request.url).get('api-version') !== '7.4') {
    return vaultError(400, 'BadParameter', 'The specified version is not recognized.');
  }
  const token = tokens.read(bearerOf(request.headers.authorization) ?? '');
  if (token?.audience !== vaultAudience) return unauthorized(managedIdentity);
  if (vault.isAllowed() && token.claims['oid'] === managedIdentity.principalId) return undefined;
  const message = 'Caller is not authorized to perform action on resource.';
  return vaultError(403, 'Forbidden', message, { inner: 'ForbiddenByRbac' });
};

const unauthorized = ({ homeTenantId }: ManagedIdentity): Reply => {
  const authority = `https://login.microsoftonline.com/${homeTenantId}`;
  const challenge = `Bearer authorization="${authority}", resource="${vaultAudience}"`;
  const message = 'AKV10000: Request is missing a Bearer or PoP token.';
  return vaultError(401, 'Unauthorized', message, { headers: { 'WWW-Authenticate': challenge } });
};
