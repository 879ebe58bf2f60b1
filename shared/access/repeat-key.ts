/** The caller's own name for a request, by which it may be sent again. */
import { invalidParameter, RequestError } from '../errors.ts';
import { repeatableForMs } from './repeats.ts';

export interface RepeatHeaders {
  /** `Idempotency-Key`. */
  readonly idempotencyKey: string | null;
  /** `Repeatability-Request-ID`, the same by the name that Azure gives it. */
  readonly requestId: string | null;
  /** `Repeatability-First-Sent`, an HTTP date. */
  readonly firstSent: string | null;
}

/**
 * Undefined where the caller names none.
 * @throws RequestError 400 for a name that is none, 412 for a request first sent longer ago than names are kept
 * @see https://docs.oasis-open.org/odata/repeatable-requests/v1.0/repeatable-requests-v1.0.html
 */
export function repeatKey(
  { idempotencyKey, requestId, firstSent }: RepeatHeaders,
  now: Date,
): string | undefined {
  const key = idempotencyKey ?? requestId;
  if (key === null) return undefined;
  const name = idempotencyKey === null ? 'Repeatability-Request-ID' : 'Idempotency-Key';
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidParameter(name, `${name} must have 1 to 255 visible ASCII characters, for example a UUID.`);
  }
  if (requestId !== null && requestId !== key) {
    throw invalidParameter(name, 'Idempotency-Key and Repeatability-Request-ID differ: send one of them.');
  }
  if (firstSent !== null) checkFirstSent(firstSent, now);
  return key;
}

function checkFirstSent(text: string, now: Date): void {
  const target = 'Repeatability-First-Sent';
  const sent = Date.parse(text);
  const headers = { 'Repeatability-Result': 'rejected' };
  if (Number.isNaN(sent)) {
    throw new RequestError(400, 'InvalidParameter', `${target} is no HTTP date.`, { target, headers });
  }
  if (now.getTime() - sent <= repeatableForMs) return;
  const message =
    'The request was first sent more than 24 hours ago: look what came of it, then send a new one.';
  throw new RequestError(412, 'RepeatabilityWindowPassed', message, { target, headers });
}
