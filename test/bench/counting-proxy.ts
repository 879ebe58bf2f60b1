/** A proxy in front of the storage emulator that counts what Azure would bill. */
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { closeServer, listenLocally } from '../support/local-server.ts';

export interface OperationCounts {
  readonly blobWrites: number;
  readonly blobReads: number;
  readonly tableReads: number;
  /** An entity-group transaction counts once. */
  readonly tableWrites: number;
  readonly queueOperations: number;
}

export interface CountingProxy {
  /** The emulator's, with this proxy's addresses. */
  readonly connectionString: string;
  /** Since the last {@link CountingProxy.reset}. */
  readonly counts: () => OperationCounts;
  readonly reset: () => void;
  readonly stop: () => Promise<void>;
}

type Service = 'Blob' | 'Queue' | 'Table';
const services: readonly Service[] = ['Blob', 'Queue', 'Table'];

export async function startCountingProxy(connectionString: string): Promise<CountingProxy> {
  const seen = new Map<keyof OperationCounts, number>();
  const agent = new Agent({ keepAlive: true });
  let ours = connectionString;
  const servers: Server[] = [];
  for (const service of services) {
    const target = endpointOf(connectionString, service);
    const server = createServer((incoming, response) => {
      const kind = classify(service, incoming.method ?? 'GET', incoming.url ?? '/');
      if (kind !== undefined) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      forward(incoming, response, { target, agent });
    });
    ours = ours.replace(target.origin, `http://127.0.0.1:${await listenLocally(server)}`);
    servers.push(server);
  }
  return {
    connectionString: ours,
    counts: () => toCounts(seen),
    reset: () => {
      seen.clear();
    },
    stop: async () => {
      await Promise.all(servers.map(closeServer));
      agent.destroy();
    },
  };
}

/** What Azure bills a request as; undefined for free ones. */
export function classify(service: Service, method: string, path: string): keyof OperationCounts | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (service === 'Queue') return 'queueOperations';
  if (service === 'Table') return isRead ? 'tableReads' : 'tableWrites';
  // Listing is billed like writing, deleting is free.
  const isListing = /[?&]comp=list(&|$)/.test(path);
  if (method === 'DELETE') return undefined;
  return isRead && !isListing ? 'blobReads' : 'blobWrites';
}

function toCounts(seen: ReadonlyMap<keyof OperationCounts, number>): OperationCounts {
  const of = (kind: keyof OperationCounts) => seen.get(kind) ?? 0;
  return {
    blobWrites: of('blobWrites'),
    blobReads: of('blobReads'),
    tableReads: of('tableReads'),
    tableWrites: of('tableWrites'),
    queueOperations: of('queueOperations'),
  };
}

function endpointOf(connectionString: string, service: Service): URL {
  const address = new RegExp(`${service}Endpoint=([^;]+)`).exec(connectionString)?.[1];
  if (address === undefined) throw new Error(`The connection string names no ${service} endpoint`);
  return new URL(address);
}

interface Way {
  readonly target: URL;
  readonly agent: Agent;
}

function forward(incoming: IncomingMessage, response: ServerResponse, { target, agent }: Way): void {
  const { method, url, headers } = incoming;
  const { hostname, port } = target;
  const outgoing = request({ hostname, port, method, path: url, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    pipeline(answer, response, ignore);
  });
  // The caller sees a broken connection, as it would without the proxy.
  pipeline(incoming, outgoing, (error) => {
    if (error) response.destroy();
  });
  outgoing.on('error', () => response.destroy());
}

function ignore(): void {
  // Both ends see the broken connection themselves.
}
