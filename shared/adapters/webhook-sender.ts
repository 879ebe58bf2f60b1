/** Sends webhooks to URLs that callers chose: never into this network, and never beyond a redirect. */
import axios, { AxiosError } from 'axios';
import { Agent } from 'node:https';
import {
  allowedAddresses,
  checkTarget,
  isCallable,
  parseTarget,
  type OutgoingWebhook,
  type SendOutcome,
  type WebhookSender,
} from '../webhooks/webhook-sender.ts';
import { addressRefused, checkedLookup } from './checked-lookup.ts';
import { createNameResolver, type ResolveName } from './resolve-name.ts';

export interface WebhookSenderOptions {
  /**
   * Allows 127.0.0.1, on any port, with certificates of this authority (PEM). For tests and local runs; no setting
   * enables it.
   */
  readonly local?: { readonly ca: string } | undefined;
  readonly timeoutMs?: number;
  readonly resolveName?: ResolveName;
}

/** For the whole attempt: name resolution, connection, response. */
const defaultTimeoutMs = 15_000;
/** The body of a response is ignored; so much of it is read that the receiver can finish sending. */
const maxAnswerBytes = 64 * 1024;
/** TLS could not be established with a trusted certificate for the name. */
const certificateErrors = /CERT|SIGNATURE|ERR_TLS/;

export function createWebhookSender({
  local,
  timeoutMs = defaultTimeoutMs,
  resolveName = createNameResolver(),
}: WebhookSenderOptions = {}): WebhookSender {
  const rules = { isLocal: local !== undefined };
  const lookup = checkedLookup(resolveName, allowedAddresses(rules));
  const client = axios.create({
    httpsAgent: new Agent({ keepAlive: false, lookup, ca: local?.ca }),
    maxRedirects: 0,
    validateStatus: () => true,
    responseType: 'stream',
    // A proxy would resolve names itself, and connect to addresses that are refused here.
    proxy: false,
    decompress: false,
    transformRequest: (data: unknown) => data,
  });
  return {
    checkTarget: (text) => checkTarget(text, rules),
    async send({ url, headers, body }: OutgoingWebhook): Promise<SendOutcome> {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const target = parseTarget(url, rules);
        if (!isCallable(target, rules)) return unreachable(addressRefused);
        const response = await client.post<Answer>(target, body, { headers, signal });
        await drain(response.data).catch(() => undefined);
        return { kind: 'answered', status: response.status, retryAfter: retryAfterOf(response.headers) };
      } catch (error) {
        return signal.aborted ? { kind: 'unreachable', code: 'Timeout' } : failureOf(error);
      }
    },
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
function failureOf(error: unknown): SendOutcome {
  if (!(error instanceof AxiosError)) return { kind: 'unreachable', code: 'InvalidTarget' };
  const detail = error.code ?? 'Network';
  return certificateErrors.test(detail)
    ? { kind: 'unreachable', code: 'InvalidCertificate', detail }
    : unreachable(detail);
}

function unreachable(detail: string): SendOutcome {
  return { kind: 'unreachable', code: 'Unreachable', detail };
}
