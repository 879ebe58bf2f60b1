/** A proxy in front of the storage emulator, for tests that count its requests or make some of them fail. */
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { closeServer, listenLocally } from './local-server.ts';

export type StorageService = 'Blob' | 'Queue' | 'Table';
const services: readonly StorageService[] = ['Blob', 'Queue', 'Table'];

export interface StorageCall {
  readonly service: StorageService;
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

/** What happens to a request in place of its answer. */
export type Interference =
  /** It is not executed. */
  | { readonly kind: 'refused'; readonly status: 500 | 503 }
  /** The connection breaks; it is executed or not. */
  | { readonly kind: 'reset'; readonly isExecuted: boolean }
  /** There is no answer for so long; then the connection breaks. */
  | { readonly kind: 'silence'; readonly isExecuted: boolean; readonly holdMs: number };

export interface StorageProxy {
  /** The emulator's, with this proxy's addresses. */
  readonly connectionString: string;
  readonly stop: () => Promise<void>;
}

/**
 * @param connectionString of the emulator
 * @param interfere called once for each request, in the order in which they arrive; undefined passes it on
 */
export async function startStorageProxy(
  connectionString: string,
  interfere: (call: StorageCall) => Interference | undefined,
): Promise<StorageProxy> {
  const agent = new Agent({ keepAlive: true });
  let ours = connectionString;
  const servers: Server[] = [];
  for (const service of services) {
    const target = endpointOf(connectionString, service);
    const server = createServer((incoming, response) => {
      const { method = 'GET', url: path = '/' } = incoming;
      const interference = interfere({ service, method, path });
      answer(incoming, response, { target, agent, interference });
    });
    ours = ours.replace(target.origin, `http://127.0.0.1:${await listenLocally(server)}`);
    servers.push(server);
  }
  return {
    connectionString: ours,
    stop: async () => {
      await Promise.all(servers.map(closeServer));
      agent.destroy();
    },
  };
}

function endpointOf(connectionString: string, service: StorageService): URL {
  const address = new RegExp(`${service}Endpoint=([^;]+)`).exec(connectionString)?.[1];
  if (address === undefined) throw new Error(`The connection string names no ${service} endpoint`);
  return new URL(address);
}

interface Way {
  readonly target: URL;
  readonly agent: Agent;
  readonly interference: Interference | undefined;
}

/** How Azure names what it could not do. */
const codes = { 500: 'InternalError', 503: 'ServerBusy' } as const;

function answer(incoming: IncomingMessage, response: ServerResponse, way: Way): void {
  const { interference } = way;
  if (interference === undefined) {
    forward(incoming, response, way, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
      pipeline(answered, response, ignore);
    });
    return;
  }
  const breakOff = () => {
    const holdMs = interference.kind === 'silence' ? interference.holdMs : 0;
    void delay(holdMs, undefined, { ref: false }).then(() => response.destroy());
  };
  if (interference.kind !== 'refused' && interference.isExecuted) {
    forward(incoming, response, way, (answered) => answered.resume().once('end', breakOff));
    return;
  }
  incoming.resume().once('end', () => {
    if (interference.kind !== 'refused') breakOff();
    else response.writeHead(interference.status, { 'x-ms-error-code': codes[interference.status] }).end();
  });
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  { target, agent }: Way,
  onAnswer: (answered: IncomingMessage) => void,
): void {
  const { method, url, headers } = incoming;
  const { hostname, port } = target;
  const outgoing = request({ hostname, port, method, path: url, headers, agent }, onAnswer);
  // The caller sees a broken connection, as it would without the proxy.
  pipeline(incoming, outgoing, (error) => {
    if (error) response.destroy();
  });
  outgoing.on('error', () => response.destroy());
}

function ignore(): void {
  // Both ends see the broken connection themselves.
}
