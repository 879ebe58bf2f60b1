/** The managed identity endpoint of App Service: plain HTTP on the loopback address. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { jsonReply, queryOf, readRequest, sendReply, type Reply } from './http.ts';
import type { Tokens } from './tokens.ts';

/** A user-assigned identity, because only those can be federated credentials. */
export interface ManagedIdentity {
  readonly clientId: string;
  readonly principalId: string;
  readonly homeTenantId: string;
}

export interface ManagedIdentityOptions {
  readonly identity: ManagedIdentity;
  /** The secret in IDENTITY_HEADER. */
  readonly header: string;
  readonly tokens: Tokens;
  readonly signal: AbortSignal;
}

const lifetimeSeconds = 24 * 60 * 60;

/** Issuer of the identity's tokens, as required in a federated identity credential. */
export const issuerOf = (identity: ManagedIdentity): string =>
  `https://login.microsoftonline.com/${identity.homeTenantId}/v2.0`;

export const createManagedIdentityServer = (options: ManagedIdentityOptions): Server =>
  createServer((request, response) => {
    answer(options, request)
      .then((reply) => sendReply(response, reply, { kind: 'whole' }, options.signal))
      .catch(() => response.destroy());
  });

const answer = async (options: ManagedIdentityOptions, request: IncomingMessage): Promise<Reply> => {
  const { url, headers } = await readRequest(request, 'http://127.0.0.1');
  const query = queryOf(url);
  const resource = query.get('resource');
  if (headers['x-identity-header'] !== options.header) return refuse(401, 'The identity header is wrong.');
  if (query.get('api-version') !== '2019-08-01') return refuse(400, 'The api-version is not supported.');
  if (resource === undefined) return refuse(400, 'The resource is missing.');
  if (query.get('client_id') !== options.identity.clientId)
    return refuse(400, 'The identity is not assigned.');
  return mintFor(options, resource);
};

const mintFor = async ({ identity, tokens }: ManagedIdentityOptions, resource: string): Promise<Reply> => {
  const token = {
    tenantId: identity.homeTenantId,
    audience: resource,
    issuer: issuerOf(identity),
    subject: identity.principalId,
    roles: [],
    claims: { azp: identity.clientId, oid: identity.principalId, idtyp: 'app', ver: '2.0' },
  };
  return jsonReply(200, {
    access_token: await tokens.mint(token, lifetimeSeconds),
    expires_on: String(Math.floor(Date.now() / 1000) + lifetimeSeconds),
    resource,
    token_type: 'Bearer',
    client_id: identity.clientId,
  });
};

const refuse = (status: number, message: string): Reply => jsonReply(status, { statusCode: status, message });
