/** The response headers of the HTTP interface, each explained once. */

export const headerMeanings = {
  'Accept-Ranges': 'The file supports range requests.',
  'Cache-Control': 'How long the response may be kept.',
  'Content-Disposition': 'Suggested file name.',
  'Content-Encoding': 'How the body is compressed; absent if it is not.',
  'Content-Range': 'The returned range and the total size in bytes.',
  'Content-Security-Policy': 'The page may load nothing from elsewhere.',
  ETag: 'Version of the resource; send it back in If-None-Match or If-Match.',
  Location: 'Where to look next.',
  'Operation-Location': 'The status monitor of the operation: its status, also if it failed.',
  'Referrer-Policy': 'The address of the page is not disclosed to other sites.',
  'Repeatability-Result': 'Whether a request with an idempotency key was accepted.',
  'Repr-Digest': 'SHA-256 of the whole file, even when only a range is returned.',
  'Retry-After': 'Seconds to wait before the next call.',
  Vary: 'Request headers that the response depends on.',
  'WWW-Authenticate': 'How to authenticate.',
  'x-auditkeep-complete-through': 'Everything published before this moment is included; empty if unknown.',
  'x-auditkeep-duration': 'Processing time in milliseconds.',
  'x-auditkeep-has-gaps': 'Whether records of the range are lost or cannot be read: true or false.',
  'x-auditkeep-is-partial': 'Whether records of the range may be missing: true or false.',
  'x-auditkeep-is-pending': 'Whether records of the range may still arrive: true or false.',
  'x-auditkeep-requests': 'Storage requests made for this page.',
  'x-auditkeep-rows-read': 'Rows read for this page.',
  'x-ms-error-code': 'The error code, as in the body.',
} as const;
export type HeaderName = keyof typeof headerMeanings;

/** Headers that any response may have. */
export const commonHeaders = {
  'x-ms-request-id': 'Identifies this call in logs.',
  'x-ms-client-request-id': "The caller's own ID for the call, if one was sent.",
  traceparent: 'The trace that the call belongs to, if one was sent.',
  'Cache-Control': 'Responses must not be cached.',
  'X-Content-Type-Options': 'Browsers must not guess the media type.',
  'Strict-Transport-Security': 'Browsers must use https for a year.',
} as const;

export const completenessHeaders = [
  'x-auditkeep-complete-through',
  'x-auditkeep-is-partial',
  'x-auditkeep-is-pending',
  'x-auditkeep-has-gaps',
] as const;
export const acceptedHeaders = ['Location', 'Operation-Location', 'Retry-After'] as const;
export const waitingHeaders = ['Location', 'Retry-After'] as const;
export const costHeaders = ['x-auditkeep-requests', 'x-auditkeep-rows-read', 'x-auditkeep-duration'] as const;
