/** Replies of Microsoft Graph that are not data. */

import { randomUUID } from 'node:crypto';
import { jsonReply, type Reply } from './http.ts';

/** An error in Graph's envelope. */
export const graphError = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => {
  const requestId = randomUUID();
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  return jsonReply(status, { error: { code, message, innerError } }, { 'request-id': requestId, ...headers });
};

/** 401 for a missing, expired, or foreign token. */
export const graphUnauthorized = (): Reply =>
  graphError(
    401,
    'InvalidAuthenticationToken',
    'Access token is empty, expired or meant for another resource.',
  );

/** 403 for a token without the needed application role. */
export const graphForbidden = (): Reply =>
  graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

/** 429 with the seconds to wait. */
export const graphThrottled = (retryAfterSeconds: number): Reply =>
  graphError(429, 'TooManyRequests', 'Too many requests.', { 'Retry-After': String(retryAfterSeconds) });
