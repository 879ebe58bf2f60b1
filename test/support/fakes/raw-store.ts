/** Raw blobs in memory. */
import { gunzipSync } from 'node:zlib';
import { landingIdOfBlob } from '../../../shared/landing/landing-names.ts';
import type { RawNames, RawStore } from '../../../shared/landing/raw-store.ts';
import type { RawRemoval } from '../../../shared/retention/old-data.ts';

export interface FakeRawStore extends RawStore {
  /** Names of the committed blobs. */
  names(): readonly string[];
  /** The same, as a verification reads them. */
  readonly listed: RawNames;
  /** As the retention deletes them. */
  readonly removal: RawRemoval;
  /** From now on, an immutability policy keeps blobs whose name it is true for. */
  keep(isKept: (name: string) => boolean): void;
  /** Lines of a blob, undefined when there is no such blob. */
  lines(name: string): readonly string[] | undefined;
  /** As if a blob had been deleted. */
  lose(name: string): void;
  /** Bodies that could not be split, by name. */
  readonly rejected: ReadonlyMap<string, Buffer>;
  /** Sizes of the staged parts, in order of arrival. */
  readonly stagedBytes: readonly number[];
}

interface StoredBlob {
  readonly body: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Small pieces, so that readers cannot count on getting a blob at once. */
const pieceBytes = 1000;

export function createFakeRawStore(): FakeRawStore {
  const blobs = new Map<string, StoredBlob>();
  const staged = new Map<string, Buffer>();
  const rejected = new Map<string, Buffer>();
  const stagedBytes: number[] = [];
  let isKept: (name: string) => boolean = () => false;
  return {
    rejected,
    stagedBytes,
    names: () => [...blobs.keys()],
    removal: {
      remove: async (name) => {
        if (!isKept(name)) blobs.delete(name);
        return await Promise.resolve(!isKept(name));
      },
    },
    keep: (which) => {
      isKept = which;
    },
    listed: {
      days: async (tenantId) => {
        const days = [...blobs.keys()]
          .filter((name) => name.startsWith(`tenant=${tenantId}/`))
          .flatMap((name) => /date=([-\d]{10})/.exec(name)?.[1] ?? []);
        return await Promise.resolve([...new Set(days)].sort());
      },
      names: async (tenantId, day) => {
        const names = [...blobs.keys()].filter((name) => name.startsWith(`tenant=${tenantId}/date=${day}/`));
        return await Promise.resolve(names.filter((name) => landingIdOfBlob(name) !== undefined).sort());
      },
    },
    lines: (name) => {
      const blob = blobs.get(name);
      return blob === undefined ? undefined : gunzipSync(blob.body).toString('utf8').split('\n').slice(0, -1);
    },
    lose: (name) => {
      blobs.delete(name);
    },
    put: async (name, body, metadata) => {
      if (!blobs.has(name)) blobs.set(name, { body, metadata });
      await Promise.resolve();
    },
    stage: async (name, body) => {
      staged.set(name, body);
      stagedBytes.push(body.length);
      await Promise.resolve();
    },
    commit: async (name, metadata) => {
      const body = staged.get(name) ?? blobs.get(name)?.body;
      if (body === undefined) throw new Error(`Nothing was staged as ${name}.`);
      staged.delete(name);
      blobs.set(name, { body, metadata });
      await Promise.resolve();
    },
    putRejected: async (name, body) => {
      const chunks: Buffer[] = [];
      for await (const chunk of body) chunks.push(chunk);
      rejected.set(name, Buffer.concat(chunks));
    },
    readRejected: async (name) => {
      const body = rejected.get(name);
      return await Promise.resolve(body === undefined ? undefined : pieces(body));
    },
    read: async (name) => {
      const blob = blobs.get(name);
      const found = blob === undefined ? undefined : { metadata: blob.metadata, body: pieces(blob.body) };
      return await Promise.resolve(found);
    },
  };
}

async function* pieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += pieceBytes) {
    yield await Promise.resolve(body.subarray(at, at + pieceBytes));
  }
}
