/** A request and its response as the HTTP layer sees them; both fit the Functions library's own types. */
import { clientNetwork } from '../access/client-network.ts';

export interface ApiRequest {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly url: string;
  readonly headers: Headers;
  readonly query: URLSearchParams;
  /** Path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The invocation that a request belongs to. */
export interface ApiInvocation {
  readonly functionName: string;
  readonly invocationId: string;
  /** Writes to the operator's log. */
  error(...args: unknown[]): void;
}

export type Payload = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface ApiResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody?: unknown;
  readonly body?: Payload;
}

/** Answers requests for one operation; its answer has header names in lower case. */
export type HttpHandler = (request: ApiRequest, invocation: ApiInvocation) => Promise<ApiResponse>;

/** Resolves an address against the requested one: `records` is below it, `../x` next to it. */
export function addressOf({ url }: Pick<ApiRequest, 'url'>, relative: string): string {
  const { origin, pathname } = new URL(url);
  return new URL(relative, `${origin}${pathname.replace(/\/?$/, '/')}`).href;
}

/** The app's base address, derived from a request to one of its routes: `https://audit.example/api`. */
export function baseUrlOf({ url }: Pick<ApiRequest, 'url'>, route: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/$/, '').slice(0, -route.length - 1)}`;
}

/** {@link clientNetwork} of the client, empty if unknown. */
export function clientAddressOf({ headers }: Pick<ApiRequest, 'headers'>): string {
  return clientNetwork(headers.get('x-forwarded-for'));
}
