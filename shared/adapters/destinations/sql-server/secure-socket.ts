/** The socket of a connection to SQL Server: only to allowed addresses, and never with a login in the clear. */
import { Socket, type LookupFunction } from 'node:net';

/** The code of the error for a server that offers no TLS. */
export const withoutTls = 'WithoutTls';

/** Type of the packets that may come before TLS, in their first byte. */
const prelogin = 0x12;
/** Types of TLS records. */
const tlsRecords: ReadonlySet<number | undefined> = new Set([0x14, 0x15, 0x16, 0x17]);

/**
 * If a server, or someone between, says that it has no TLS, the driver would send the login in the clear, although its
 * options say to encrypt. Here, nothing is written but packets that negotiate, and TLS after them.
 */
class SecureSocket extends Socket {
  #isEncrypted = false;

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: Callback): void {
    if (this.#mayWrite(chunk)) super._write(chunk, encoding, callback);
    else callback(refusal());
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], callback: Callback): void {
    if (chunks.every(({ chunk }) => this.#mayWrite(chunk))) super._writev?.(chunks, callback);
    else callback(refusal());
  }

  #mayWrite([type]: Buffer): boolean {
    this.#isEncrypted ||= tlsRecords.has(type);
    return this.#isEncrypted || type === prelogin;
  }
}

type Callback = (error?: Error | null) => void;

function refusal(): Error {
  return Object.assign(new Error('The server offers no TLS.'), { code: withoutTls });
}

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  /** Resolves only names that lead to allowed addresses. */
  readonly lookup: LookupFunction;
}

/** @param signal ends the attempt @throws Error of the network */
export function connectSocket(options: SocketOptions, signal: AbortSignal): Promise<Socket> {
  const socket = new SecureSocket();
  return new Promise((resolve, reject) => {
    const abort = () => {
      socket.destroy(new Error('The attempt has ended.'));
    };
    signal.addEventListener('abort', abort);
    socket
      .once('connect', () => {
        socket.off('error', reject);
        signal.removeEventListener('abort', abort);
        resolve(socket);
      })
      .once('error', reject)
      .connect(options);
  });
}
