/** A proxy in front of the emulator's blobs that refuses deletions as an immutability policy of Azure would. */
import { createServer } from 'node:http';
import type { StorageSettings } from '../../shared/config.ts';
import { closeServer, listenLocally } from './local-server.ts';
import { passOn } from './pass-on.ts';

const code = 'BlobImmutableDueToPolicy';
const refusal = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>It is kept.</Message></Error>`;

export interface ImmutabilityPolicy {
  /** The way to the storage that leads past the policy. */
  readonly settings: StorageSettings;
  /** Deletions that were refused so far. */
  readonly refusals: () => number;
  /** From now on everything may be deleted. */
  readonly end: () => void;
  readonly stop: () => Promise<void>;
}

/** @param isKept for the path of a blob, `/account/container/name` */
export async function startImmutabilityPolicy(
  storage: StorageSettings,
  isKept: (path: string) => boolean,
): Promise<ImmutabilityPolicy> {
  if (storage.kind !== 'connectionString') throw new Error('The emulator is reached by a connection string.');
  const { connectionString } = storage;
  const target = new URL(/BlobEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '').origin;
  let isOver = false;
  let refusals = 0;
  const server = createServer((request, response) => {
    if (request.method === 'DELETE' && !isOver && isKept(decodeURIComponent(request.url ?? ''))) {
      refusals += 1;
      response.writeHead(409, { 'x-ms-error-code': code, 'content-type': 'application/xml' }).end(refusal);
      return;
    }
    void passOn(target, request).then(({ status, headers, body }) =>
      response.writeHead(status, headers).end(body),
    );
  });
  const port = await listenLocally(server);
  const ours = connectionString.replace(target, `http://127.0.0.1:${port}`);
  return {
    settings: { kind: 'connectionString', connectionString: ours },
    refusals: () => refusals,
    end: () => {
      isOver = true;
    },
    stop: () => closeServer(server),
  };
}
