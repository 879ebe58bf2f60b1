/** A name server on this machine: answers over UDP what a test says, or nothing at all. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Addresses of IPv4 by name; `silent` never gets an answer, and all other names do not exist. */
export type Zone = Readonly<Record<string, readonly string[] | 'silent'>>;

export interface NameServer {
  /** `address:port` */
  readonly address: string;
  /** Names in the order of the queries. */
  readonly queried: readonly string[];
  stop(): Promise<void>;
}

export async function startNameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4');
  const queried: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, type } = questionOf(query);
    queried.push(name);
    const found = zone[name];
    if (found !== 'silent')
      socket.send(answerTo(query, type === ipv4Type ? found : found && []), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, queried, stop: () => close(socket) };
}

const ipv4Type = 1;
const headerBytes = 12;

function questionOf(query: Buffer): { readonly name: string; readonly type: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1) };
}

/** @see https://www.rfc-editor.org/rfc/rfc1035#section-4.1 */
function answerTo(query: Buffer, addresses: readonly string[] | undefined): Buffer {
  const { name } = questionOf(query);
  const question = query.subarray(headerBytes, headerBytes + name.length + 2 + 4);
  const header = Buffer.alloc(headerBytes);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(addresses === undefined ? 0x81_83 : 0x81_80, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses?.length ?? 0, 6);
  const records = (addresses ?? []).map((address) =>
    Buffer.from([0xc0, headerBytes, 0, ipv4Type, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([header, question, ...records]);
}

async function close(socket: Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}
