/** Identifies the caller of an address that we issued: by credentials if sent, otherwise by the address's token. */
import type { Access } from './access.ts';
import type { Caller } from './caller.ts';
import { isFromEntra, type Capabilities, type Capability } from './capability-token.ts';

/** The part of a request that identifies the caller. */
export interface LinkedRequest {
  readonly headers: { get(name: string): string | null };
  readonly query: URLSearchParams;
}

export interface LinkedCallerDeps {
  readonly access: Pick<Access, 'authenticate'>;
  readonly capabilities: Pick<Capabilities, 'redeem'>;
}

function credentialsOf({ headers }: LinkedRequest) {
  return { apiKey: headers.get('x-api-key'), authorization: headers.get('authorization') };
}

/** Null where credentials are sent: the token in the address is for clients that do not send any. */
function tokenOf(request: LinkedRequest): string | null {
  const { apiKey, authorization } = credentialsOf(request);
  return apiKey === null && authorization === null ? request.query.get('t') : null;
}

/** The text by which its sender is recognized when it is sent again; null where there is none. */
export function credentialOf(request: LinkedRequest): string | null {
  const { apiKey, authorization } = credentialsOf(request);
  return apiKey ?? authorization ?? tokenOf(request);
}

/** Whether the request has a token that we signed, and no credentials. Nothing is looked up. */
export function isLinkOfOurs(
  { capabilities }: { readonly capabilities: Pick<Capabilities, 'isOurs'> },
  request: LinkedRequest,
  capability: Capability | undefined,
): boolean {
  const token = tokenOf(request);
  return token !== null && capability !== undefined && capabilities.isOurs(token, capability);
}

/**
 * @param capability what the token must grant; undefined where no token is accepted
 * @throws RequestError 401; 503 when a token's issuer cannot be reached
 */
export async function identifyLinkedCaller(
  { access, capabilities }: LinkedCallerDeps,
  request: LinkedRequest,
  capability: Capability | undefined,
): Promise<Caller> {
  const token = tokenOf(request);
  if (token === null || capability === undefined) return await access.authenticate(credentialsOf(request));
  return await capabilities.redeem(token, capability);
}

/** The token to pass on unchanged. A token that cannot be checked against a key must not be renewed forever. */
export function tokenToKeep(request: LinkedRequest, caller: Caller): string | undefined {
  return isFromEntra(caller.id) ? (tokenOf(request) ?? undefined) : undefined;
}
