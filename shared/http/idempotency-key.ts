/** The caller's own key for a request, under which it may be sent again. */
import { invalidParameter, RequestError } from '../errors.ts';

export const keyLifetimeMs = 24 * 60 * 60_000;

/**
 * `Idempotency-Key`, or `Repeatability-Request-ID`, which is Azure's name for it; undefined if neither was sent.
 * @throws RequestError 400 for a malformed key, 412 for a request first sent longer ago than keys are stored
 * @see https://docs.oasis-open.org/odata/repeatable-requests/v1.0/repeatable-requests-v1.0.html
 */
export function idempotencyKeyOf(headers: Pick<Headers, 'get'>, now: Date): string | undefined {
  const [idempotencyKey, requestId] = [
    headers.get('idempotency-key'),
    headers.get('repeatability-request-id'),
  ];
  const firstSent = headers.get('repeatability-first-sent');
  const key = idempotencyKey ?? requestId;
  if (key === null) return undefined;
  const name = idempotencyKey === null ? 'Repeatability-Request-ID' : 'Idempotency-Key';
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidParameter(name, `${name} must have 1 to 255 visible ASCII characters, for example a UUID.`);
  }
  if (requestId !== null && requestId !== key) {
    throw invalidParameter(name, 'Send either Idempotency-Key or Repeatability-Request-ID, not both.');
  }
  if (firstSent !== null) checkFirstSent(firstSent, now);
  return key;
}

function checkFirstSent(text: string, now: Date): void {
  const target = 'Repeatability-First-Sent';
  const sent = Date.parse(text);
  const headers = { 'Repeatability-Result': 'rejected' };
  if (Number.isNaN(sent)) {
    throw new RequestError(400, 'InvalidParameter', `${target} must be an HTTP date.`, { target, headers });
  }
  if (now.getTime() - sent <= keyLifetimeMs) return;
  const message =
    'The request was first sent more than 24 hours ago. Check its outcome before sending a new request.';
  throw new RequestError(412, 'RepeatabilityWindowPassed', message, { target, headers });
}
