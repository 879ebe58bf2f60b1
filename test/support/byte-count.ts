/** A proxy in front of the tables of the storage emulator that counts the bytes of its answers. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenLocally } from './local-server.ts';
import { passOn } from './pass-on.ts';

export interface ByteCount {
  /** The emulator's, with this one's address of the tables. */
  readonly connectionString: string;
  /** Of all bodies so far. */
  readonly bytes: () => number;
  readonly stop: () => Promise<void>;
}

export async function startByteCount(connectionString: string): Promise<ByteCount> {
  const endpoint = /TableEndpoint=([^;]+)/.exec(connectionString)?.[1];
  if (endpoint === undefined) throw new Error('The connection string names no tables.');
  const { origin } = new URL(endpoint);
  let bytes = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, headers, body } = await passOn(origin, request);
    bytes += body.length;
    response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const own = `http://127.0.0.1:${await listenLocally(server)}`;
  return {
    connectionString: connectionString.replace(origin, own),
    bytes: () => bytes,
    stop: () => closeServer(server),
  };
}
