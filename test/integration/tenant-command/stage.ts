/** `auditkeep tenant` in this process, against a small server with scripted replies, on a clock that never waits. */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { runAuditkeep } from '../../support/auditkeep.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { clientKey } from '../../support/made-up-answers.ts';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  /** Closes the connection instead. */
  readonly breaksOff?: boolean;
}

interface SeenRequest {
  /** E.g. `GET /api/tenants`. */
  readonly target: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard error is a terminal. @default true */
  readonly isInteractive?: boolean;
  /** Ctrl-C is pressed during the pause of this number, from 1. */
  readonly interruptAt?: number;
}

export interface Stage {
  readonly baseUrl: () => string;
  readonly requests: SeenRequest[];
  /** The replies to one target, one after the other; the last one repeats. */
  readonly reply: (target: string, ...replies: readonly Reply[]) => void;
  readonly run: (args: readonly string[], options?: RunOptions) => ReturnType<typeof runOnStage>;
}

interface State {
  readonly requests: SeenRequest[];
  readonly replies: Map<string, readonly Reply[]>;
  baseUrl: string;
}

/** One server for a file; its replies and the requests it has seen are reset before each test. */
export function useStage(): Stage {
  const state: State = { requests: [], replies: new Map(), baseUrl: '' };
  const server = createServer((request, response) => {
    void answer(state, request).then(({ status = 200, headers = {}, body = {}, breaksOff }) => {
      if (breaksOff === true) return response.destroy();
      const content = typeof body === 'string' ? body : JSON.stringify(body);
      return response.writeHead(status, headers).end(content);
    });
  });
  beforeAll(async () => {
    state.baseUrl = `http://127.0.0.1:${await listenLocally(server)}`;
  });
  beforeEach(() => {
    state.requests.length = 0;
    state.replies.clear();
  });
  afterAll(() => closeServer(server));
  return {
    baseUrl: () => state.baseUrl,
    requests: state.requests,
    reply: (target, ...replies) => {
      state.replies.set(target, replies);
    },
    run: (args, options = {}) => runOnStage(state, args, options),
  };
}

async function answer({ requests, replies }: State, request: IncomingMessage): Promise<Reply> {
  const target = `${request.method ?? ''} ${request.url ?? ''}`;
  const content = await text(request);
  const body: unknown = content === '' ? undefined : JSON.parse(content);
  requests.push({ target, key: request.headersDistinct['x-api-key']?.[0], body });
  const [reply, ...rest] = replies.get(target) ?? [];
  if (rest.length > 0) replies.set(target, rest);
  return reply ?? { status: 418, body: `No reply is scripted for ${target}.` };
}

async function runOnStage(
  state: State,
  args: readonly string[],
  { env, isInteractive = true, interruptAt }: RunOptions,
) {
  const waits: number[] = [];
  const started = Date.parse('2026-03-01T12:00:00Z');
  let interrupt: () => void = () => undefined;
  const ran = await runAuditkeep(['tenant', ...args], {
    env: env ?? { AUDITKEEP_URL: state.baseUrl, AUDITKEEP_KEY: clientKey },
    isInteractive,
    pause: (ms) => {
      waits.push(ms);
      if (waits.length === interruptAt) interrupt();
      return Promise.resolve();
    },
    now: () => new Date(waits.reduce((sum, ms) => sum + ms, started)),
    onInterrupt: (listener) => {
      interrupt = listener;
      return () => {
        interrupt = () => undefined;
      };
    },
  });
  return { ...ran, waits };
}
