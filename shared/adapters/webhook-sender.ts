/** Sends webhooks to URLs that callers chose: never into this network, and never beyond a redirect. */
import axios, { AxiosError } from 'axios';
import { lookup } from 'node:dns';
import { Agent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from '../webhooks/public-address.ts';
import {
  parseTarget,
  type OutgoingWebhook,
  type SendOutcome,
  type WebhookSender,
} from '../webhooks/webhook-sender.ts';

export interface WebhookSenderOptions {
  /**
   * Allows 127.0.0.1, on any port, with certificates of this authority (PEM). For tests and local runs; no setting
   * enables it.
   */
  readonly local?: { readonly ca: string } | undefined;
  readonly timeoutMs?: number;
}

/** For the whole attempt: name resolution, connection, response. */
const defaultTimeoutMs = 15_000;
/** The body of a response is ignored; so much of it is read that the receiver can finish sending. */
const maxAnswerBytes = 64 * 1024;
const addressRefused = 'AddressRefused';
const message = 'The name resolves to an address that is not public.';

export function createWebhookSender({
  local,
  timeoutMs = defaultTimeoutMs,
}: WebhookSenderOptions = {}): WebhookSender {
  const isLocal = local !== undefined;
  const isAllowed = (address: string) => (isLocal && address === '127.0.0.1') || isPublicAddress(address);
  const client = axios.create({
    httpsAgent: new Agent({ keepAlive: false, lookup: checkedLookup(isAllowed), ca: local?.ca }),
    maxRedirects: 0,
    validateStatus: () => true,
    responseType: 'stream',
    // A proxy would resolve names itself, and connect to addresses that are refused here.
    proxy: false,
    decompress: false,
    transformRequest: (data: unknown) => data,
  });
  const checkTarget = (text: string) => parseTarget(text, { anyPort: isLocal });
  return {
    checkTarget,
    async send({ url, headers, body }: OutgoingWebhook): Promise<SendOutcome> {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const target = checkTarget(url);
        if (!isNameOr(isAllowed, target)) return { kind: 'unreachable', code: addressRefused };
        const response = await client.post<Answer>(target, body, { headers, signal });
        await drain(response.data).catch(() => undefined);
        return { kind: 'answered', status: response.status, retryAfter: retryAfterOf(response.headers) };
      } catch (error) {
        return { kind: 'unreachable', code: signal.aborted ? 'Timeout' : codeOf(error) };
      }
    },
  };
}

/** Addresses are not resolved, so they are checked here; the normal form of a URL has them in dotted notation. */
function isNameOr(isAllowed: (address: string) => boolean, target: string): boolean {
  const host = new URL(target).hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 || isAllowed(host);
}

/** Resolves a name, and fails unless all of its addresses are allowed; the result is the address connected to. */
function checkedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const [first] = found;
      if (first === undefined || !found.every(({ address }) => isAllowed(address))) {
        callback(Object.assign(new Error(message), { code: addressRefused }), []);
      } else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

type Answer = AsyncIterable<Buffer> & { destroy(): void };

async function drain(stream: Answer): Promise<void> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) break;
  }
  stream.destroy();
}

function retryAfterOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const value = headers['retry-after'];
  return typeof value === 'string' ? value : undefined;
}

/** Codes only: messages contain URLs, and the URL of a flow contains a signature. */
function codeOf(error: unknown): string {
  return error instanceof AxiosError ? (error.code ?? 'Network') : 'InvalidTarget';
}
