/** What an answer by HTTPS says about a message. */
import type { SendOutcome } from '../../channels/kind.ts';
import { resultOfUnreached, type HttpsAnswer, type Unreached } from '../destinations/https-client.ts';
import { nextStepFor, type NextSteps } from '../destinations/https-result.ts';

export type Failed = Exclude<SendOutcome, { readonly outcome: 'sent' }>;

/** Nothing was sent: there was no connection yet. */
const beforeSending = /^E(CONNREFUSED|NOTFOUND|NODATA|AI_AGAIN|SERVFAIL|HOSTUNREACH|NETUNREACH|CANCEL)/;

/** Request Timeout, Too Early, Too Many Requests, Service Unavailable: the receiver says that it has not taken it. */
const notTaken = [408, 425, 429, 503];

export interface AnswerReading {
  readonly nextSteps: NextSteps;
  /** Why, in the receiver's words: a code, without secrets and without content of messages. */
  readonly detail?: string | undefined;
  /** What is wrong with the settings, though the status says that it is the message. */
  readonly misconfigured?: string | undefined;
}

/** @returns undefined for a status of success */
export function failureOf(answer: HttpsAnswer | Unreached, reading: AnswerReading): Failed | undefined {
  if (answer.status === undefined) return unreached(answer);
  const { status, retryAfterMs: afterMs } = answer;
  if (status >= 200 && status < 300) return undefined;
  const detail = reading.detail === undefined ? '' : ` (${reading.detail})`;
  const cause = `The receiver answered ${status}${detail}.`;
  const { misconfigured: nextStep } = reading;
  if (nextStep !== undefined) return { outcome: 'misconfigured', cause, nextStep };
  if ([400, 413, 422].includes(status)) return { outcome: 'refused', cause };
  if (notTaken.includes(status) || status >= 500)
    return { outcome: 'retry', cause, afterMs, mayBeThere: !notTaken.includes(status) };
  return { outcome: 'misconfigured', cause, nextStep: nextStepFor(status, reading.nextSteps) };
}

function unreached(answer: Unreached): Failed {
  const result = resultOfUnreached(answer);
  if (result.outcome === 'misconfigured') return result;
  return { outcome: 'retry', cause: answer.code, mayBeThere: !beforeSending.test(answer.code) };
}
