/** The port that sends webhooks, and the target URLs it accepts. */
import { invalidParameter } from '../errors.ts';

export interface OutgoingWebhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `unreachable`: no answer in time, no such host, no TLS, or an address that Auditkeep refuses to connect to. */
export type SendOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: 'unreachable'; readonly code: string };

export interface WebhookSender {
  /** Makes one attempt, following no redirect. Never throws for what the receiver does. */
  send(webhook: OutgoingWebhook): Promise<SendOutcome>;
  /** @throws RequestError 400 saying what is wrong with the URL; the host name is resolved when sending */
  checkTarget(text: string): string;
}

const maxTargetLength = 4000;

/**
 * The URL in its normal form. Flows send theirs escaped, some of them once too often.
 * @param anyPort for receivers on this machine
 * @throws RequestError 400
 */
export function parseTarget(text: string, { anyPort }: { readonly anyPort: boolean }): string {
  const unescaped = /^https?%3a/i.test(text) ? unescape(text) : text;
  if (!URL.canParse(unescaped) || text.length > maxTargetLength) throw refused('must be a URL');
  const url = new URL(unescaped);
  if (url.protocol !== 'https:') throw refused('must begin with https://');
  // The default port is left out of the normal form.
  if (url.port !== '' && !anyPort) throw refused('must use port 443');
  if (url.username !== '' || url.password !== '') throw refused('must not contain a user name or password');
  url.hash = '';
  return url.href;
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refused(why: string): Error {
  return invalidParameter('targetUrl', `'targetUrl' ${why}.`);
}
