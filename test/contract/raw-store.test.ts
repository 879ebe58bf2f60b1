/** The promises about raw blobs, kept in memory and on Blob Storage. */
import { BlobServiceClient } from '@azure/storage-blob';
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRawStore } from '../../shared/adapters/blobs/raw-store.ts';
import type { RawStore } from '../../shared/landing/raw-store.ts';
import { chunksOf } from '../support/content.ts';
import { createFakeRawStore } from '../support/fakes/raw-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const newName = () => `tenant=${randomUUID()}/date=2026-03-10/landing.ndjson.gz`;

async function read(store: RawStore, name: string) {
  const blob = await store.read(name);
  return blob === undefined ? undefined : { metadata: blob.metadata, body: await buffer(blob.body) };
}

async function* streamOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

function createFake() {
  const store = createFakeRawStore();
  return { store, rejected: async (name: string) => await Promise.resolve(store.rejected.get(name)) };
}

function createReal() {
  const settings = storage();
  const rejected = (name: string): Promise<Buffer> => {
    if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
    const service = BlobServiceClient.fromConnectionString(settings.connectionString);
    return service.getContainerClient('rejected').getBlockBlobClient(name).downloadToBuffer();
  };
  return { store: createRawStore(settings), rejected };
}

describe.each([
  { where: 'in memory', create: createFake },
  { where: 'on Blob Storage', create: createReal },
])('raw blobs $where', ({ create }) => {
  it('are absent until they are put', async () => {
    const { store } = create();
    expect(await store.read(newName())).toBeUndefined();
  });

  it('return their bytes and metadata', async () => {
    const [{ store }, name] = [create(), newName()];
    const body = gzipSync('{"Id":1}\n'.repeat(5000));
    await store.put(name, body, { runs: 'E5000.abc', records: '5000' });
    expect(await read(store, name)).toEqual({ metadata: { runs: 'E5000.abc', records: '5000' }, body });
  });

  it('are the same after being put twice', async () => {
    const [{ store }, name] = [create(), newName()];
    for (let time = 0; time < 2; time++) await store.put(name, Buffer.from('same'), { records: '1' });
    expect(await read(store, name)).toEqual({ metadata: { records: '1' }, body: Buffer.from('same') });
  });

  it('are never replaced, because storage may keep them immutable', async () => {
    const [{ store }, name] = [create(), newName()];
    await store.put(name, Buffer.from('first'), { records: '1' });
    await store.put(name, Buffer.from('second'), { records: '2' });
    expect(await read(store, name)).toEqual({ metadata: { records: '1' }, body: Buffer.from('first') });
  });

  it('keep metadata of several kilobytes', async () => {
    const [{ store }, name] = [create(), newName()];
    const runs = 'E120.kf3k1s,'.repeat(500);
    await store.put(name, Buffer.from('x'), { runs });
    expect((await read(store, name))?.metadata).toEqual({ runs });
  });

  it('are invisible while they are only staged, and whole once committed', async () => {
    const [{ store }, name] = [create(), newName()];
    const body = Buffer.alloc(300_000, 'staged');
    await store.stage(name, body);
    expect(await store.read(name)).toBeUndefined();
    await store.commit(name, { records: '7' });
    expect(await read(store, name)).toEqual({ metadata: { records: '7' }, body });
  });

  it('may be staged and committed again', async () => {
    const [{ store }, name] = [create(), newName()];
    await store.stage(name, Buffer.from('first'));
    await store.stage(name, Buffer.from('second'));
    for (let time = 0; time < 2; time++) await store.commit(name, { records: '1' });
    expect((await read(store, name))?.body).toEqual(Buffer.from('second'));
  });

  it('cannot be committed if nothing was staged', async () => {
    await expect(create().store.commit(newName(), {})).rejects.toThrow();
  });

  it('keep rejected bodies as received, separately, and the latest under each name', async () => {
    const [{ store, rejected }, name] = [create(), newName()];
    const page = Buffer.from('<html>Please wait</html>');
    const large = Buffer.alloc(3_000_000, 'x');
    await store.putRejected(name, streamOf([Buffer.from('other')]));
    await store.putRejected(name, streamOf(chunksOf(page, 5)));
    expect(await rejected(name)).toEqual(page);
    expect(await store.read(name)).toBeUndefined();
    expect(await store.readRejected(newName())).toBeUndefined();
    await store.putRejected(name, streamOf(chunksOf(large, 70_000)));
    const kept = await store.readRejected(name);
    expect(kept && (await buffer(kept)).equals(large)).toBe(true);
    expect((await rejected(name))?.equals(large)).toBe(true);
  });

  it('keep nothing of a rejected body whose transfer breaks', async () => {
    const [{ store, rejected }, name] = [create(), newName()];
    await store.putRejected(name, streamOf([Buffer.from('first')]));
    const failure = new Error('The connection broke.');
    async function* breaking(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('half'));
      throw failure;
    }
    await expect(store.putRejected(name, breaking())).rejects.toThrow('The connection broke.');
    expect(await rejected(name)).toEqual(Buffer.from('first'));
  });
});

describe('unreachable raw blobs', () => {
  it('fail, and never look absent', async () => {
    await expect(createRawStore(lockedOut(storage())).read(newName())).rejects.toThrow();
  });
});
