/** The port that sends webhooks, and the target URLs it accepts. */
import { invalidParameter } from '../errors.ts';
import { isPublicAddress, isPublicHost } from './public-address.ts';

export interface OutgoingWebhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * `Unreachable` stands for every reason that could tell about Auditkeep's own network: which names exist there, which
 * addresses they have. `InvalidTarget`: the stored URL is not one.
 */
export type SendFailure = 'Unreachable' | 'Timeout' | 'InvalidCertificate' | 'InvalidTarget';

export type SendOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  | {
      readonly kind: 'unreachable';
      readonly code: SendFailure;
      /** The exact reason, for operators only. */
      readonly detail?: string;
    };

export interface WebhookSender {
  /** Makes one attempt, following no redirect. Never throws for what the receiver does. */
  send(webhook: OutgoingWebhook): Promise<SendOutcome>;
  /** @throws RequestError 400 saying what is wrong with the URL; names are resolved when sending */
  checkTarget(text: string): string;
}

const maxTargetLength = 4000;

export interface TargetRules {
  /** For tests and local runs: 127.0.0.1 is allowed, on any port. */
  readonly isLocal: boolean;
}

/** Which addresses may be connected to. */
export function allowedAddresses({ isLocal }: TargetRules): (address: string) => boolean {
  return (address) => (isLocal && address === '127.0.0.1') || isPublicAddress(address);
}

/** Whether a URL could ever be called; names still have to be resolved. */
export function isCallable(url: string, rules: TargetRules): boolean {
  return isPublicHost(new URL(url).hostname, allowedAddresses(rules));
}

/**
 * The URL in its normal form, if it can be called.
 * @throws RequestError 400
 */
export function checkTarget(text: string, rules: TargetRules): string {
  const target = parseTarget(text, rules);
  if (isCallable(target, rules)) return target;
  throw refused('must name a host on the internet, not a private address or a name of a local network');
}

/**
 * The URL in its normal form. Flows send theirs escaped, some of them once too often.
 * @throws RequestError 400
 */
export function parseTarget(text: string, { isLocal }: TargetRules): string {
  const unescaped = /^https?%3a/i.test(text) ? unescape(text) : text;
  if (!URL.canParse(unescaped) || text.length > maxTargetLength) throw refused('must be a URL');
  const url = new URL(unescaped);
  if (url.protocol !== 'https:') throw refused('must begin with https://');
  // The default port is left out of the normal form.
  if (url.port !== '' && !isLocal) throw refused('must use port 443');
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
