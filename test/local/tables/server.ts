/** The table service over HTTP. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { refusalReply, type TableReply } from './messages.ts';
import { Refusal } from './refusals.ts';
import { answer, type TableService } from './service.ts';

const maxBodyBytes = 4 * 1024 * 1024;

export function createTableServer(service: TableService): Server {
  return createServer((incoming, outgoing) => {
    respond(service, incoming, outgoing).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  });
}

async function respond(
  service: TableService,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  send(incoming, outgoing, body === undefined ? refusalReply(new Refusal('RequestBodyTooLarge')) : reply());

  function reply(): TableReply {
    const { method = '', url = '', headers } = incoming;
    const address = new URL(url, `http://${headers.host ?? 'localhost'}`);
    return answer(service, { method, url: address, headers, body: body ?? '' });
  }
}

/** Undefined when it is too large; it is read to its end all the same, so that the client reads the reply. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= maxBodyBytes) pieces.push(piece);
  }
  return bytes > maxBodyBytes ? undefined : Buffer.concat(pieces).toString();
}

function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: TableReply,
): void {
  const bytes = Buffer.from(body);
  const clientRequestId = incoming.headers['x-ms-client-request-id'];
  outgoing.writeHead(status, {
    ...headers,
    ...(status === 204 ? {} : { 'Content-Length': bytes.length }),
    'Cache-Control': 'no-cache',
    DataServiceVersion: '3.0;',
    'x-ms-request-id': randomUUID(),
    'x-ms-version': '2019-02-02',
    ...(clientRequestId === undefined ? {} : { 'x-ms-client-request-id': clientRequestId }),
  });
  outgoing.end(bytes);
}
