/** Passes HTTPS requests on to the storage emulator, which speaks plain HTTP; what does not get there is up to a test. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { startWebhookReceiver } from '../webhook-receiver.ts';
import type { StandInAnswer } from './https-stand-in.ts';

export interface FrontRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer of the front itself, or what becomes of the emulator's: it is passed on, kept until the end, or the connection is cut. */
export type Passage = StandInAnswer | 'passed' | 'held' | 'cut';

export interface StorageFront {
  readonly ca: string;
  /** `https://127.0.0.1:{port}` */
  readonly origin: string;
  readonly requests: readonly FrontRequest[];
  /** Ends what is held. */
  readonly release: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * @param upstream `http://127.0.0.1:{port}`
 * @param onAnswer receives what the emulator answers, before anyone else does
 */
export async function startStorageFront(
  upstream: string,
  passageOf: (request: FrontRequest) => Passage | Promise<Passage>,
  onAnswer: (request: FrontRequest, status: number) => void = () => undefined,
): Promise<StorageFront> {
  const requests: FrontRequest[] = [];
  const held: ServerResponse[] = [];
  const handle = async (request: FrontRequest, response: ServerResponse) => {
    requests.push(request);
    const passage = await passageOf(request);
    if (typeof passage !== 'string') response.writeHead(passage.status, passage.headers).end(passage.body);
    else {
      const answer = await forward(upstream, request);
      onAnswer(request, answer.status);
      if (passage === 'held') held.push(response);
      else if (passage === 'cut') response.destroy();
      else response.writeHead(answer.status).end(answer.body);
    }
  };
  const { ca, port, stop } = await startWebhookReceiver(
    ({ method = '', url = '/', headers }, body, response) => {
      handle({ method, path: url, headers, body }, response).catch(() => response.destroy());
    },
  );
  const release = () => {
    for (const response of held.splice(0)) response.destroy();
  };
  return {
    ...{ ca, origin: `https://127.0.0.1:${port}`, requests, release },
    stop: async () => {
      release();
      await stop();
    },
  };
}

async function forward(
  upstream: string,
  { method, path, headers, body }: FrontRequest,
): Promise<{ readonly status: number; readonly body: Buffer }> {
  const passed = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !/^(?:host|connection|content-length)$/.test(name) ? [[name, value]] : [],
  );
  const answer = await fetch(`${upstream}${path}`, {
    ...{ method, headers: passed },
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}
