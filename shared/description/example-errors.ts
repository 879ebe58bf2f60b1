/** Errors that examples show. */

/** By status. */
export const errorExamples: Readonly<
  Record<string, { readonly code: string; readonly message: string; readonly target?: string }>
> = {
  400: {
    code: 'InvalidParameter',
    message: "'from' must be an ISO 8601 date or date and time, for example 2026-03-02T09:00:00Z.",
    target: 'from',
  },
  401: { code: 'Unauthorized', message: 'Send a client key in x-api-key, or a Microsoft Entra token.' },
  403: { code: 'Forbidden', message: 'This operation requires the scope records.read.' },
  404: { code: 'TenantNotFound', message: 'Unknown tenant, or no access to it.' },
  406: {
    code: 'NotAcceptable',
    message: 'Accept names nothing that this operation can answer with. It answers with application/json.',
    target: 'Accept',
  },
  408: { code: 'RequestTimeout', message: 'The body did not arrive in time. Send it at once.' },
  409: { code: 'EnablementInProgress', message: 'Auditing is being turned on in this tenant already.' },
  412: { code: 'PreconditionFailed', message: 'The search was modified since you read it.' },
  413: {
    code: 'BodyTooLarge',
    message: 'The body may have 65536 bytes at most. Send less in one request.',
  },
  414: {
    code: 'AddressTooLong',
    message:
      'The address, with what continues it, has 8120 characters; the limit is 8000. Save the filters with PUT ' +
      '…/searches/{name} and read …/searches/{name}/records, or send them to POST …/exports.',
  },
  415: { code: 'UnsupportedMediaType', message: 'Send the body as application/json.' },
  416: { code: 'RangeNotSatisfiable', message: 'The requested range is outside the file.' },
  422: { code: 'ExportFailed', message: 'The export made no progress after repeated attempts.' },
  429: {
    code: 'TooManyRequests',
    message: 'Too many calls in this minute. Wait as long as Retry-After says.',
  },
  500: { code: 'InternalError', message: 'Internal error. Retry, or contact support with x-ms-request-id.' },
  503: {
    code: 'SignInUnavailable',
    message: 'Could not fetch the Microsoft Entra ID signing keys to verify the token. Retry later.',
  },
};
