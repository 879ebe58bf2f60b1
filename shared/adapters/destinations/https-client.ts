/** HTTPS to receivers that operators chose: only to allowed addresses, never beyond a redirect. */
import axios, { AxiosError } from 'axios';
import { Agent } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parseRetryAfter } from '../../retry.ts';
import { allowsHost } from '../../destinations/allowed-hosts.ts';
import type { SenderContext, SendResult } from '../../destinations/kind.ts';
import { addressRefused, checkedLookup } from '../checked-lookup.ts';
import { createNameResolver } from '../resolve-name.ts';

export interface HttpsRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** The body is compressed on its way, and a header says so. @default false */
  readonly gzip?: boolean | undefined;
}

/** What a receiver answered; the body as text, at most its first megabyte. */
export interface HttpsAnswer {
  readonly status: number;
  readonly text: string;
  /** Milliseconds, from Retry-After. */
  readonly retryAfterMs: number | undefined;
}

/** Why there is no answer: a code of Node or of OpenSSL, `Timeout`, `AddressRefused`, or `HeaderRefused`. */
export interface Unreached {
  readonly status: undefined;
  readonly code: string;
}

export interface HttpsClient {
  /**
   * Never throws for what the receiver or the network does. An answer that is cut is none; of a longer one than is read,
   * the beginning is enough.
   */
  request(request: HttpsRequest, signal: AbortSignal): Promise<HttpsAnswer | Unreached>;
  close(): Promise<void>;
}

const timeoutMs = 60_000;
const maxAnswerBytes = 1024 * 1024;

/** The code for a header that cannot be sent: a secret with a line break, for example. Axios would send it without. */
export const headerRefused = 'HeaderRefused';
const headerValue = /^[\t\x20-\x7e]*$/;

/**
 * @param ca authority of the receiver's certificate, PEM; by default those that Node trusts
 * @param resolveName for tests
 */
export function createHttpsClient(
  { isAllowed, now }: SenderContext,
  ca: string | undefined,
  resolveName = createNameResolver(),
): HttpsClient {
  const lookup = checkedLookup(resolveName, isAllowed);
  const agent = new Agent({ keepAlive: true, maxSockets: 4, lookup, ca });
  const client = axios.create({
    httpsAgent: agent,
    maxRedirects: 0,
    validateStatus: () => true,
    responseType: 'stream',
    // A proxy would resolve names itself, and connect to addresses that are refused here.
    proxy: false,
    decompress: false,
    headers: { 'accept-encoding': 'identity' },
    transformRequest: (data: unknown) => data,
  });
  return {
    async request(wanted, signal) {
      const { method, url } = wanted;
      if (!allowsHost(new URL(url).hostname, isAllowed)) return unreached(addressRefused);
      if (!Object.values(wanted.headers).every((value) => headerValue.test(value)))
        return unreached(headerRefused);
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const { headers, data } = await contentOf(wanted);
      try {
        const answer = await client.request<Body>({ method, url, headers, data, signal: within });
        const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], now());
        return { status: answer.status, text: await beginningOf(answer.data), retryAfterMs };
      } catch (error) {
        return unreached(within.aborted ? 'Timeout' : codeOf(error));
      }
    },
    close: () => {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

async function contentOf({ headers, body, gzip: isCompressed = false }: HttpsRequest) {
  if (!isCompressed || body === undefined) return { headers, data: body };
  return {
    headers: { ...headers, 'content-encoding': 'gzip' },
    data: await promisify(gzip)(body),
  };
}

type Body = AsyncIterable<Buffer>;

/** Leaving the loop ends the connection. */
async function beginningOf(body: Body): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxAnswerBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8');
}

function unreached(code: string): Unreached {
  return { status: undefined, code };
}

/** Codes only: messages of errors may contain addresses and headers. */
function codeOf(error: unknown): string {
  if (error instanceof AxiosError) return error.code ?? 'Network';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'Network';
}

/** What it means for a batch that the receiver could not be reached. */
export function resultOfUnreached({ code }: Unreached): SendResult {
  const found = misconfigurations.find(([codes]) => codes.test(code));
  if (found === undefined) return { outcome: 'retry', cause: code };
  const [, cause, nextStep] = found;
  return { outcome: 'misconfigured', cause: cause.replace('CODE', code), nextStep };
}

/** What no later attempt changes, by code. */
const misconfigurations: readonly (readonly [codes: RegExp, cause: string, nextStep: string])[] = [
  [
    new RegExp(`^${addressRefused}$`),
    'The address of the receiver is not public.',
    'Use a public address, or allow its network in AUDITKEEP_DESTINATION_NETWORKS.',
  ],
  [
    new RegExp(`^${headerRefused}$`),
    'The secret contains a character that no header can contain, such as a line break.',
    'Store the secret in the vault again, without a line break at its end.',
  ],
  [
    /CERT|SIGNATURE|SELF_SIGNED|ERR_OSSL/,
    'The certificate of the receiver is not trusted (CODE).',
    'Renew the certificate, or add its authority to the settings.',
  ],
  [
    /ERR_SSL|EPROTO/,
    'The receiver does not speak TLS 1.2 or newer (CODE).',
    'Check the port, and its version of TLS.',
  ],
];
