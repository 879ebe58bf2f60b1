/** Who calls an address that we gave: somebody with credentials, which then alone count, or whoever holds its token. */
import type { Access } from './access.ts';
import type { Caller } from './caller.ts';
import { isFromEntra, type Capabilities, type Capability } from './capability-token.ts';

/** The part of a request that tells who calls. */
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

/** Null where credentials are sent: a token in the address is for those who lost theirs on the way. */
function tokenOf(request: LinkedRequest): string | null {
  const { apiKey, authorization } = credentialsOf(request);
  return apiKey === null && authorization === null ? request.query.get('t') : null;
}

/**
 * @param capability what the token has to be for; undefined where no token is good
 * @throws RequestError 401; 503 when a token's issuer cannot be asked
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

/** The token to be passed on as it is: one that cannot be checked against a key must end some day. */
export function tokenToKeep(request: LinkedRequest, caller: Caller): string | undefined {
  return isFromEntra(caller.id) ? (tokenOf(request) ?? undefined) : undefined;
}
