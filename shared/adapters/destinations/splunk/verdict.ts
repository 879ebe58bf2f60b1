/**
 * What an answer of the HTTP Event Collector says. The code in its body counts, whatever the status is.
 * @see https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data (possible error codes)
 */
import * as z from 'zod';
import type { SendResult } from '../../../destinations/kind.ts';
import { parseJson } from '../../../json.ts';
import { resultOfUnreached, type HttpsAnswer, type Unreached } from '../https-client.ts';
import { resultOfAnswer, type NextSteps } from '../https-result.ts';

/**
 * - `taken`: all events.
 * - `invalid`: the event at this place; those before it are taken, and those after it are not.
 * - `failed`: for a reason that concerns all events, after so many of the first ones were taken.
 */
export type Verdict =
  | { readonly is: 'taken'; readonly ackId: number | undefined }
  | { readonly is: 'invalid'; readonly at: number; readonly cause: string }
  | { readonly is: 'failed'; readonly result: Failed; readonly takenFirst: number };
export type Failed = Exclude<SendResult, { readonly outcome: 'accepted' }>;

const answerSchema = z.object({
  code: z.int(),
  'invalid-event-number': z.int().min(0).optional(),
  ackId: z.int().min(0).optional(),
});
type HecAnswer = z.output<typeof answerSchema>;

export function verdictOf(answer: HttpsAnswer | Unreached): Verdict {
  if (answer.status === undefined) return failed(resultOfUnreached(answer));
  const parsed = answerSchema.safeParse(parseJson(answer.text)).data;
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (parsed === undefined) return failed(isSuccess ? notSplunk : resultOfAnswer(answer, nextSteps));
  if (parsed.code === 0 && isSuccess) return { is: 'taken', ackId: parsed.ackId };
  return verdictOfCode(answer, parsed);
}

function verdictOfCode(answer: HttpsAnswer, { code, 'invalid-event-number': at }: HecAnswer): Verdict {
  const known = meanings.get(code);
  const cause = `Splunk answered ${answer.status}, code ${code}${known === undefined ? '' : ` (${known.means})`}.`;
  if (known?.nextStep !== undefined)
    return failed({ outcome: 'misconfigured', cause, nextStep: known.nextStep });
  if (known?.concerns === 'event')
    return at === undefined ? failed({ outcome: 'refused', cause }) : { is: 'invalid', at, cause };
  if (known?.concerns === 'server')
    return failed({ outcome: 'retry', cause, afterMs: answer.retryAfterMs }, at);
  const byStatus = resultOfAnswer(answer, nextSteps);
  // A code that is not success is none, even with status 200.
  return failed(byStatus.outcome === 'accepted' ? { outcome: 'retry', cause } : byStatus);
}

function failed(result: SendResult, takenFirst = 0): Verdict {
  // Never: only answers with a code are accepted.
  if (result.outcome === 'accepted') return failed(notSplunk);
  return { is: 'failed', result, takenFirst };
}

/** A sign-in page, for example: it must not be taken for an acknowledgement. */
const notSplunk = {
  outcome: 'misconfigured',
  cause: 'The destination does not answer like an HTTP Event Collector.',
  nextStep: 'Check the host and the port: the collector has a port of its own, 8088 by default.',
} as const;

interface Meaning {
  readonly means: string;
  readonly concerns?: 'event' | 'server';
  readonly nextStep?: string;
}

const checkToken = 'Check the token in the vault, and that it is enabled in Splunk.';
const checkIndex = 'Check the index in the settings, and add it to the allowed indexes of the token.';
const switchOn =
  'The token has indexer acknowledgment: set acknowledgements to true, or switch it off for the token.';
const switchOff =
  'Switch on indexer acknowledgment for the token, or set acknowledgements to false in the settings of the destination.';

/** By code. Causes are in our words: those of proxies may repeat what was sent. */
const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [1, { means: 'token disabled', nextStep: checkToken }],
  [2, { means: 'token is required', nextStep: checkToken }],
  [3, { means: 'invalid authorization', nextStep: checkToken }],
  [4, { means: 'invalid token', nextStep: checkToken }],
  [5, { means: 'no data', concerns: 'event' }],
  [6, { means: 'invalid data format', concerns: 'event' }],
  [7, { means: 'incorrect index', nextStep: checkIndex }],
  [8, { means: 'internal server error', concerns: 'server' }],
  [9, { means: 'server is busy', concerns: 'server' }],
  [10, { means: 'data channel is missing', nextStep: switchOn }],
  [11, { means: 'invalid data channel', nextStep: switchOn }],
  [12, { means: 'event field is required', concerns: 'event' }],
  [13, { means: 'event field cannot be blank', concerns: 'event' }],
  [14, { means: 'acknowledgment is disabled', nextStep: switchOff }],
  [15, { means: 'error in handling indexed fields', concerns: 'event' }],
  [16, { means: 'query string authorization is not enabled', nextStep: checkToken }],
  [18, { means: 'queues are full', concerns: 'server' }],
  [19, { means: 'acknowledgment service unavailable', concerns: 'server' }],
  [20, { means: 'queues are full, acknowledgment service unavailable', concerns: 'server' }],
  [21, { means: 'invalid token', nextStep: checkToken }],
  [22, { means: 'token disabled', nextStep: checkToken }],
  [23, { means: 'server is shutting down', concerns: 'server' }],
  [26, { means: 'queue at capacity', concerns: 'server' }],
  [27, { means: 'acknowledgment channel at capacity', concerns: 'server' }],
]);

/** With a token that does not have indexer acknowledgment. */
export const notAcknowledging = {
  outcome: 'misconfigured',
  cause: 'Splunk took the events and promised no acknowledgment.',
  nextStep: switchOff,
} as const;

/** Of answers without a code: they come from what is in front of Splunk. */
const nextSteps: NextSteps = {
  401: checkToken,
  403: checkToken,
  404: 'Check the host and the port: the collector has a port of its own, 8088 by default.',
};
