/** The containers of raw blobs and of rejected bodies. */
import type { Landing } from './landing.ts';

/** The names of raw blobs. */
export interface RawNames {
  /** Days on which something landed, `yyyy-MM-dd`, in order. */
  days(tenantId: string): Promise<readonly string[]>;
  /** Names of the raw blobs of a day, in order; other blobs are left out. */
  names(tenantId: string, day: string): Promise<readonly string[]>;
}

/** The raw container. Names are paths within it. */
export interface RawStore {
  /** Writes a blob at once, unless it exists: the name says what is in it. */
  put(name: string, body: Buffer, metadata: Readonly<Record<string, string>>): Promise<void>;
  /** Uploads a blob that becomes visible with {@link RawStore.commit}. */
  stage(name: string, body: Buffer): Promise<void>;
  commit(name: string, metadata: Readonly<Record<string, string>>): Promise<void>;
  /** Keeps a body that could not be split, as received. */
  putRejected(name: string, body: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void>;
  /** A body that is kept, as received; undefined when there is none. */
  readRejected(name: string): Promise<AsyncIterable<Buffer> | undefined>;
  /** Undefined when the blob does not exist. */
  read(name: string): Promise<RawBlob | undefined>;
}

export interface RawBlob {
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

/** What the metadata of a raw blob says of its text and its contents. */
export function hashMetadata({
  textSha256,
  contentsSha256,
}: Pick<Landing, 'textSha256' | 'contentsSha256'>): Readonly<Record<string, string>> {
  return {
    ...(textSha256 === undefined ? {} : { textsha256: textSha256 }),
    ...(contentsSha256 === undefined ? {} : { contentssha256: contentsSha256 }),
  };
}
