/** Replies of the Exchange admin endpoint that are not results. */

import { jsonReply, type Reply } from '../http.ts';

const odataError = 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException';
const nulBytes = 4096;

/** An error in the nested envelope: the cause is in the innermost one. */
export const exchangeError = (status: number, type: string, message: string): Reply =>
  jsonReply(
    status,
    {
      error: {
        code: status === 400 ? 'BadRequest' : 'InternalServerError',
        message: 'Invalid Operation',
        details: [{ code: 'Client', target: '', message: `|${type}|${message}` }],
        innererror: {
          message: 'Invalid Operation',
          type: odataError,
          stacktrace: '',
          internalexception: { message, type, stacktrace: '' },
        },
      },
    },
    { 'X-ExceptionType': type.split('.').at(-1) ?? type },
  );

/** 400 for a request that is not a command. */
export const exchangeBadRequest = (message: string): Reply => exchangeError(400, odataError, message);

/** 401 without a body. */
export const exchangeUnauthorized = (reason: string): Reply => ({
  status: 401,
  headers: { 'WWW-Authenticate': 'Bearer', 'x-ms-diagnostics': diagnosticsOf(2_000_003, reason) },
  body: Buffer.alloc(0),
});

/** 403 with only NUL bytes in the body; the reason is in a header. */
export const exchangeForbidden = (reason: string): Reply => ({
  status: 403,
  headers: { 'x-ms-diagnostics': diagnosticsOf(2_000_008, reason) },
  body: Buffer.alloc(nulBytes),
});

/** 429 in plain text. */
export const exchangeThrottled = (headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 429,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  body: Buffer.from(
    'You have reached the maximum number of concurrent requests per tenant. Please wait and try again',
  ),
});

const diagnosticsOf = (number: number, reason: string): string => `${number};reason="${reason}"`;
