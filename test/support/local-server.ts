/** Servers of tests: on a free port that only this machine reaches. */
import type { AddressInfo, Server } from 'node:net';

/** As HTTP servers can end the connections that wait for a next request. */
interface Closable extends Server {
  closeAllConnections?: () => void;
}

/**
 * @param port @default a free one
 * @returns the port
 */
export function listenLocally(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Resolves when it has ended, with all its connections. */
export function closeServer(server: Closable): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections?.();
  });
}
