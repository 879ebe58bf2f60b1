/**
 * What the Functions host 4.1037 with its Node worker answered, as measured. The local host answers the same, so that
 * what passes its tests also works on Azure. The routes are those of the fixture app.
 */

export interface HostAnswer {
  readonly name: string;
  readonly request: {
    readonly method: string;
    /** Below the base address. */
    readonly path: string;
    /** Bytes of a body, sent in chunks. */
    readonly bodyBytes?: number;
  };
  readonly answer: {
    readonly status: number;
    /** Undefined: any. */
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

const echo = '/api/echo/2f1d7c60-5a53-4f0e-8c39-6a0f4b1b7a11';
const nothing = { status: 404, body: '' };

/** A path that makes the request line this many bytes long. */
function pathFor(requestLineBytes: number): string {
  const bare = 'GET /api/state?x= HTTP/1.1'.length;
  return `/api/state?x=${'x'.repeat(requestLineBytes - bare)}`;
}

export const measuredAnswers: readonly HostAnswer[] = [
  {
    name: 'the longest address',
    request: { method: 'GET', path: pathFor(8192) },
    answer: { status: 200 },
  },
  {
    name: 'a longer address',
    request: { method: 'GET', path: pathFor(8193) },
    answer: { status: 414, body: '' },
  },
  {
    name: 'an address far beyond the limit',
    request: { method: 'GET', path: pathFor(20_000) },
    answer: { status: 414, body: '' },
  },
  {
    name: 'HEAD where only GET is declared',
    request: { method: 'HEAD', path: '/api/state' },
    answer: nothing,
  },
  {
    name: 'HEAD where it is declared',
    request: { method: 'HEAD', path: '/api/file' },
    answer: { status: 200, body: '', headers: { 'content-type': 'text/plain', 'content-length': '4' } },
  },
  { name: 'OPTIONS', request: { method: 'OPTIONS', path: '/api/state' }, answer: nothing },
  { name: 'a method that is not declared', request: { method: 'DELETE', path: echo }, answer: nothing },
  { name: 'an unknown path', request: { method: 'GET', path: '/api/nothing' }, answer: nothing },
  {
    name: 'a parameter that violates its constraint',
    request: { method: 'POST', path: '/api/echo/not-a-guid' },
    answer: nothing,
  },
  ...[200_000, 10_000_000, 30_000_000].map((bodyBytes) => ({
    name: `a body of ${bodyBytes} bytes in chunks that the handler does not read`,
    request: { method: 'POST', path: '/api/release', bodyBytes },
    answer: { status: 200, body: '' },
  })),
  { name: 'a handler that throws', request: { method: 'GET', path: '/api/fail' }, answer: { status: 500 } },
];

/**
 * What follows from the source of the host and was not measured: it sorts functions by name without regard to case, and
 * calls the first whose route and methods fit, also where a later route is more specific.
 */
export const derivedAnswers: readonly HostAnswer[] = [
  {
    name: 'a path that only a catch-all matches',
    request: { method: 'GET', path: '/api/rest/a/b' },
    answer: { status: 404, body: 'unknown' },
  },
  {
    name: 'the prefix of a catch-all alone',
    request: { method: 'GET', path: '/api/rest' },
    answer: { status: 404, body: 'unknown' },
  },
  {
    name: 'a path of a function before the catch-all',
    request: { method: 'GET', path: '/api/rest/known' },
    answer: { status: 200, body: 'known' },
  },
  {
    name: 'a method that only the catch-all declares',
    request: { method: 'DELETE', path: '/api/rest/known' },
    answer: { status: 404, body: 'unknown' },
  },
  {
    name: 'a path of a function after the catch-all',
    request: { method: 'GET', path: '/api/rest/late' },
    answer: { status: 404, body: 'unknown' },
  },
  {
    name: 'a method that no function declares',
    request: { method: 'PUT', path: '/api/rest/known' },
    answer: nothing,
  },
];

/** Requests at once beyond those of host.json, `maxOutstandingRequests`. */
export const measuredOverload = { outstanding: 128, status: 429, body: '', retryAfter: null };

/** From SIGTERM to the end of the process, with requests that hang. */
export const measuredStopMs = 10_000;
