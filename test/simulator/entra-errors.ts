/** Errors of the sign-in service, in the format of Microsoft Entra ID. */

import { randomUUID } from 'node:crypto';
import { jsonReply, type Reply } from './http.ts';

interface EntraErrorKind {
  /** The OAuth 2.0 error code. */
  readonly error: string;
  readonly status: number;
  readonly text: string;
}

const badRequest = (error: string, text: string): EntraErrorKind => ({ error, status: 400, text });
const badClient = (text: string): EntraErrorKind => ({ error: 'invalid_client', status: 401, text });

const kinds: ReadonlyMap<number, EntraErrorKind> = new Map([
  [50001, badRequest('invalid_resource', 'The resource is not known in this tenant.')],
  [50020, badRequest('invalid_grant', "The user's account does not exist in the tenant.")],
  [50076, badRequest('invalid_grant', 'You must use multi-factor authentication.')],
  [50011, badRequest('invalid_request', 'The redirect URI does not belong to the application.')],
  [53003, badRequest('access_denied', 'A Conditional Access policy blocks this token.')],
  [50105, badRequest('invalid_grant', 'The user is not assigned to a role of the application.')],
  [65004, badRequest('access_denied', 'The user declined to consent to the application.')],
  [90094, badRequest('invalid_grant', 'An administrator has to consent to the application.')],
  [65001, badRequest('invalid_grant', 'No one has consented to this application.')],
  [70000, badRequest('invalid_grant', 'The refresh token is not valid.')],
  [70003, badRequest('unsupported_grant_type', 'The grant type is not supported.')],
  [70011, badRequest('invalid_scope', 'The scope is not valid for this request.')],
  [90002, badRequest('invalid_request', 'The tenant was not found.')],
  [90006, { error: 'server_error', status: 500, text: 'The service is temporarily busy.' }],
  [90033, { error: 'temporarily_unavailable', status: 503, text: 'The service is temporarily busy.' }],
  [90055, { error: 'temporarily_unavailable', status: 429, text: 'The tenant sends too many requests.' }],
  [500011, badRequest('invalid_resource', 'The resource principal was not found in this tenant.')],
  [650051, badRequest('invalid_client', 'The application requests a permission that no longer exists.')],
  [650052, badRequest('invalid_client', 'The tenant lacks the service the application needs.')],
  [700016, badRequest('unauthorized_client', 'The application was not found in the tenant.')],
  [700027, badClient('The client assertion failed the signature validation.')],
  [700082, badRequest('invalid_grant', 'The refresh token has expired due to inactivity.')],
  [700213, badClient('No federated identity record matches the presented assertion.')],
  [700229, badClient('The presented assertion is not an app-only token.')],
  [7000112, badRequest('unauthorized_client', 'The application is disabled.')],
  [7000215, badClient('The client secret is not valid.')],
  [7000218, badClient('The request lacks a client secret or a client assertion.')],
  [7000222, badClient('The client secret has expired.')],
  [7000229, badRequest('unauthorized_client', 'The application has no service principal in the tenant.')],
]);

/**
 * Returns the reply for an AADSTS number; numbers outside the table use `invalid_client`.
 * @param code the OAuth 2.0 error code if this endpoint uses a different one
 */
export const entraErrorReply = (aadsts: number, code?: string): Reply => {
  const { status, ...error } = entraError(aadsts, code);
  return jsonReply(status, error);
};

/** Its members, with the status that it is answered with. */
export const entraError = (aadsts: number, code?: string) => {
  const { status, text, ...kind } = kinds.get(aadsts) ?? badClient('The sign-in was refused.');
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = new Date()
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  return {
    status,
    error: code ?? kind.error,
    error_description: `AADSTS${aadsts}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [aadsts],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${aadsts}`,
  };
};
