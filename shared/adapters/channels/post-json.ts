/** Posts JSON to receivers whose addresses are fixed, or secrets. */
import type { SenderContext } from '../../destinations/kind.ts';
import {
  createHttpsClient,
  type HttpsAnswer,
  type HttpsClient,
  type HttpsRequest,
  type Unreached,
} from '../destinations/https-client.ts';

/** What tests replace: the address of a service, and the authority of its certificate. */
export interface ServiceAddress {
  readonly origin: string;
  readonly certificateAuthority?: string | undefined;
}

export interface JsonClient {
  send(
    request: Pick<HttpsRequest, 'method' | 'url'> & {
      readonly headers?: Readonly<Record<string, string>>;
      /** JSON, or the text of another content type that the headers name. */
      readonly body?: string | undefined;
    },
    signal: AbortSignal,
  ): Promise<HttpsAnswer | Unreached>;
  close(): Promise<void>;
}

export function createJsonClient(
  context: SenderContext,
  certificateAuthority: string | undefined,
): JsonClient {
  const client: HttpsClient = createHttpsClient(context, certificateAuthority);
  return {
    send: ({ method, url, headers = {}, body }, signal) => {
      const content = body === undefined ? {} : { 'content-type': 'application/json' };
      const all = { 'user-agent': 'Auditkeep', accept: 'application/json', ...content, ...headers };
      return client.request(
        { method, url, headers: all, body: body === undefined ? undefined : Buffer.from(body) },
        signal,
      );
    },
    close: () => client.close(),
  };
}

/** An address that is a secret; undefined if it is none. */
export function secretAddress(text: string): string | undefined {
  const trimmed = text.trim();
  return URL.canParse(trimmed) && new URL(trimmed).protocol === 'https:' ? trimmed : undefined;
}

export const notAnAddress = {
  outcome: 'misconfigured',
  cause: 'The secret is not an https:// address.',
  nextStep: 'Store the whole address in the vault, and nothing else.',
} as const;
