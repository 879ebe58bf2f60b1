/** Stands in for a receiver that takes records by HTTPS: keeps what it takes, and fails as a test says. */
import { gunzipSync } from 'node:zlib';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Behavior } from '../../contract/destinations/senders.ts';
import { startWebhookReceiver } from '../webhook-receiver.ts';

/** A request as it came, and its content after decompression. */
export interface StandInRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly sent: Buffer;
  readonly content: Buffer;
}

export interface StandInAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpsStandIn {
  readonly ca: string;
  readonly port: number;
  /** `https://127.0.0.1:{port}` */
  readonly origin: string;
  readonly requests: readonly StandInRequest[];
  readonly behave: (behavior: Behavior | undefined) => void;
  /** Answers the next requests as a test says; undefined: as `behave` says. */
  respond(answer: ((request: StandInRequest, response: ServerResponse) => void) | undefined): void;
  readonly stop: () => Promise<void>;
}

export interface StandInOptions {
  /** How many records a request has. */
  readonly count: (request: StandInRequest) => number;
  /** Undefined when the receiver takes the request. */
  readonly check?: (request: StandInRequest) => StandInAnswer | undefined;
  readonly take: (request: StandInRequest) => void;
  readonly taken?: StandInAnswer;
}

const refusals: Partial<Record<Behavior, StandInAnswer>> = {
  busy: { status: 429, headers: { 'retry-after': '7' } },
  unavailable: { status: 503 },
  wrongSecret: { status: 401 },
  forbidden: { status: 403 },
};

export async function startHttpsStandIn({
  count,
  check,
  take,
  taken = { status: 200 },
}: StandInOptions): Promise<HttpsStandIn> {
  const requests: StandInRequest[] = [];
  let behavior: Behavior | undefined;
  let respond: ((request: StandInRequest, response: ServerResponse) => void) | undefined;
  const answerOf = (request: StandInRequest): StandInAnswer => {
    const refusal = behavior === undefined ? undefined : refusals[behavior];
    const tooMany = behavior === 'full' && count(request) > 2 ? { status: 413 } : undefined;
    const refused = refusal ?? tooMany ?? check?.(request);
    if (refused === undefined) take(request);
    return refused ?? taken;
  };
  const { ca, port, stop } = await startWebhookReceiver((incoming, sent, response) => {
    const request = requestOf(incoming, sent);
    requests.push(request);
    if (respond !== undefined) {
      respond(request, response);
      return;
    }
    const { status, headers, body } = answerOf(request);
    if (behavior === 'cut') response.destroy();
    else response.writeHead(status, headers).end(body);
  });
  return {
    ...{ ca, port, origin: `https://127.0.0.1:${port}`, requests, stop },
    behave: (next) => {
      behavior = next;
    },
    respond: (next) => {
      respond = next;
    },
  };
}

function requestOf({ method, url: path, headers }: IncomingMessage, sent: Buffer): StandInRequest {
  const content = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  return { method, path, headers, sent, content };
}
