/** TDS messages: packets with a header of eight bytes, of which the last one says that it is. @see MS-TDS 2.2.3 */
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

export const messageType = { batch: 0x01, rpc: 0x03, answer: 0x04, login: 0x10, prelogin: 0x12 } as const;

export interface Message {
  readonly type: number;
  readonly content: Buffer;
}

const headerLength = 8;
const maxContent = 4096 - headerLength;

export function packetsOf({ type, content }: Message): Buffer {
  const count = Math.max(1, Math.ceil(content.length / maxContent));
  const packets = Array.from({ length: count }, (_, at) => {
    const part = content.subarray(at * maxContent, (at + 1) * maxContent);
    const header = Buffer.alloc(headerLength);
    header.writeUInt8(type, 0);
    header.writeUInt8(at + 1 === count ? 1 : 0, 1);
    header.writeUInt16BE(part.length + headerLength, 2);
    header.writeUInt8((at + 1) % 256, 6);
    return Buffer.concat([header, part]);
  });
  return Buffer.concat(packets);
}

/** Puts messages together from bytes that come in any pieces. */
export class MessageReader {
  #pieces: Buffer[] = [];
  #length = 0;
  #parts: Buffer[] = [];

  /** @returns messages that are complete now */
  read(chunk: Buffer): readonly Message[] {
    this.#pieces.push(chunk);
    this.#length += chunk.length;
    const messages: Message[] = [];
    for (let packet = this.#next(); packet !== undefined; packet = this.#next()) {
      this.#parts.push(packet.subarray(headerLength));
      if ((packet.readUInt8(1) & 1) === 0) continue;
      messages.push({ type: packet.readUInt8(0), content: Buffer.concat(this.#parts) });
      this.#parts = [];
    }
    return messages;
  }

  #next(): Buffer | undefined {
    if (this.#length < headerLength) return undefined;
    const [first] = this.#pieces;
    if (first === undefined || first.length < headerLength) this.#join();
    const size = this.#pieces[0]?.readUInt16BE(2) ?? 0;
    if (this.#length < size) return undefined;
    const all = this.#join();
    this.#pieces = [all.subarray(size)];
    this.#length -= size;
    return all.subarray(0, size);
  }

  #join(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.#pieces;
    const all = others.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}

/**
 * What TLS is spoken over: its handshake is within messages of the type `prelogin`, and what follows is not. The first of
 * these messages is not of TLS.
 */
export class HandshakeTransport extends Duplex {
  readonly #socket: Socket;
  readonly #reader = new MessageReader();
  #answerFirst: ((content: Buffer) => Buffer) | undefined;
  #isWrapped = true;
  #handshake: Buffer[] = [];

  /** @param answerFirst the answer to the first message */
  constructor(socket: Socket, answerFirst: (content: Buffer) => Buffer) {
    super();
    this.#socket = socket;
    this.#answerFirst = answerFirst;
    socket
      .on('data', (chunk) => {
        this.#take(chunk);
      })
      .on('close', () => this.destroy())
      .on('error', () => undefined);
  }

  #take(chunk: Buffer): void {
    if (this.#isWrapped && chunk[0] !== messageType.prelogin) this.#isWrapped = false;
    if (!this.#isWrapped) this.push(chunk);
    else for (const { content } of this.#reader.read(chunk)) this.#takeWrapped(content);
  }

  #takeWrapped(content: Buffer): void {
    const answer = this.#answerFirst?.(content);
    this.#answerFirst = undefined;
    if (answer === undefined) this.push(content);
    else this.#socket.write(packetsOf({ type: messageType.answer, content: answer }));
  }

  override _write(chunk: Buffer, _: BufferEncoding, callback: () => void): void {
    if (this.#isWrapped) this.#collect(chunk);
    else this.#socket.write(chunk);
    callback();
  }

  /** One answer to each message, however many pieces TLS writes it in. */
  #collect(chunk: Buffer): void {
    this.#handshake.push(chunk);
    if (this.#handshake.length > 1) return;
    setImmediate(() => {
      const content = Buffer.concat(this.#handshake);
      this.#handshake = [];
      this.#socket.write(packetsOf({ type: messageType.prelogin, content }));
    });
  }

  // Bytes come when they come.
  override _read(): void {
    this.#socket.resume();
  }

  override _destroy(_: Error | null, callback: () => void): void {
    this.#socket.destroy();
    callback();
  }
}
