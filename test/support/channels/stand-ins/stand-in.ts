/** Stands in for a receiver of messages by HTTPS: answers as its documents say, and fails as a test says. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SenderContext } from '../../../../shared/destinations/kind.ts';
import { SecretUnavailableError } from '../../../../shared/destinations/kind.ts';
import { senderContext } from '../../destinations/sender-context.ts';
import { startWebhookReceiver } from '../../webhook-receiver.ts';

/**
 * What the receiver does with the next requests.
 * - `busy`: 429, and wants to be left alone for 7 seconds;
 * - `unavailable`: 503;
 * - `cut`: takes what it is sent, and closes the connection without an answer;
 * - `wrongSecret`, `forbidden`: 401 and 403;
 * - `refuses`: what it answers to content that it does not take.
 */
export type Behavior = 'busy' | 'unavailable' | 'cut' | 'wrongSecret' | 'forbidden' | 'refuses';

export interface ReceivedRequest {
  readonly method: string;
  /** With the query. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is a text. */
  readonly body?: unknown;
}

/** By way of what a request is answered; the connection breaks where it throws. */
export type Passing = (answer: () => Answer) => Promise<Answer>;

export interface StandIn {
  readonly ca: string;
  readonly port: number;
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  readonly behave: (behavior: Behavior | undefined) => void;
  /** Next requests, by way of a host that may end before or after they are answered. */
  readonly pass: (by: Passing) => void;
  readonly stop: () => Promise<void>;
}

const failures: Partial<Record<Behavior, Answer>> = {
  busy: { status: 429, headers: { 'retry-after': '7' } },
  unavailable: { status: 503 },
  wrongSecret: { status: 401 },
  forbidden: { status: 403 },
};

/**
 * @param refusal what it answers to content that it does not take
 * @param name that its certificate is for, too
 */
export async function startStandIn(
  answer: (request: ReceivedRequest) => Answer,
  refusal: Answer = { status: 400 },
  name?: string,
): Promise<StandIn> {
  const requests: ReceivedRequest[] = [];
  let behavior: Behavior | undefined;
  let passing: Passing = (answerNow) => Promise.resolve(answerNow());
  const { ca, port, stop } = await startWebhookReceiver((incoming, body, response) => {
    const { method = '', url = '/', headers } = incoming;
    const request = {
      method,
      url: new URL(url, 'https://receiver.example'),
      headers,
      text: body.toString('utf8'),
    };
    requests.push(request);
    const isReading = method === 'GET' || url.includes('token');
    const failure = behavior === 'refuses' && !isReading ? refusal : behavior && failures[behavior];
    const isCut = behavior === 'cut' && !isReading;
    passing(() => failure ?? served(answer, request)).then(
      (answered) => {
        if (isCut) response.destroy();
        else response.writeHead(answered.status, answered.headers).end(textOf(answered));
      },
      () => response.destroy(),
    );
  }, name);
  return {
    ...{ ca, port, origin: `https://127.0.0.1:${port}`, requests, stop },
    behave: (next) => {
      behavior = next;
    },
    pass: (by) => {
      passing = by;
    },
  };
}

function textOf({ body = {} }: Answer): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** What it does not take as its documents say is refused. */
function served(answer: (request: ReceivedRequest) => Answer, request: ReceivedRequest): Answer {
  try {
    return answer(request);
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}

/** What secrets of tests are. */
export const anySecret = 'Zm9yIHRlc3RzIG9ubHk';

/** @param secrets by name, in addition to `channel-any` */
export function channelContext(secrets: Readonly<Record<string, string>> = {}): SenderContext {
  const all: Readonly<Record<string, string>> = { 'channel-any': anySecret, ...secrets };
  return senderContext({
    secret: (name) => {
      const found = all[name];
      return found === undefined
        ? Promise.reject(new SecretUnavailableError(`The vault has no secret ${name} to read.`))
        : Promise.resolve(found);
    },
  });
}
