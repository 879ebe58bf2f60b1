/** Writes to a receiver that acknowledges nothing. */
import { connect, type ConnectionOptions } from 'node:tls';

const timeoutMs = 60_000;

/**
 * A receiver that refuses a sender closes the connection, often after the sender could write: that must not be taken for
 * the close of one that has read everything. It arrives within this time, or within that of the handshake.
 */
const refusalMs = 200;

/**
 * Connects, writes, ends its side, and waits until the receiver ends its own: it has read everything by then. That it
 * closes, and not before, is the only acknowledgment that syslog has. A receiver that closes with messages unread resets
 * the connection, which is an error.
 * @returns why that did not happen: a code of Node or of OpenSSL, `Timeout`, or `ClosedEarly`
 */
export async function writeByTls(
  options: ConnectionOptions,
  content: Buffer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const isAborted = () => within.aborted;
  if (isAborted()) return 'Timeout';
  const socket = connect(options);
  const abort = () => {
    socket.destroy();
  };
  within.addEventListener('abort', abort, { once: true });
  const code = await new Promise<string | undefined>((resolve) => {
    converse(socket, content, resolve);
  });
  within.removeEventListener('abort', abort);
  return isAborted() ? 'Timeout' : code;
}

function converse(
  socket: ReturnType<typeof connect>,
  content: Buffer,
  resolve: (code: string | undefined) => void,
): void {
  const startedAt = performance.now();
  let code: string | undefined = 'ClosedEarly';
  let isEnding = false;
  let ending: NodeJS.Timeout | undefined;
  const end = () => {
    isEnding = true;
    socket.end();
  };
  socket.once('secureConnect', () => {
    const waitMs = Math.max(refusalMs, performance.now() - startedAt);
    socket.write(content, () => {
      ending = setTimeout(end, waitMs);
    });
  });
  socket.once('end', () => {
    if (isEnding) code = undefined;
  });
  socket.once('error', (error: NodeJS.ErrnoException) => {
    code = error.code ?? 'Network';
  });
  socket.once('close', () => {
    clearTimeout(ending);
    resolve(code);
  });
  socket.resume();
}
