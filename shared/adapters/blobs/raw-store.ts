/** Containers `raw` and `rejected`. */
import { Readable } from 'node:stream';
import type { StorageSettings } from '../../config.ts';
import type { RawStore } from '../../landing/raw-store.ts';
import { unlessExists, unlessMissing } from '../storage.ts';
import { blobService, chunksOf, containerOf, creatingContainer } from './containers.ts';

/** A staged blob has exactly one block; ids are base64 of equal length. */
const blockId = Buffer.from('part').toString('base64');
const rejectedBufferBytes = 1024 * 1024;

export function createRawStore(settings: StorageSettings): RawStore {
  const service = blobService(settings);
  const raw = containerOf(service, 'raw');
  const rejected = containerOf(service, 'rejected');
  return {
    async put(name, body, metadata) {
      const options = { metadata: { ...metadata }, conditions: { ifNoneMatch: '*' }, ...asGzip };
      // One that exists may be immutable.
      await unlessExists(() =>
        creatingContainer(raw, () => raw.getBlockBlobClient(name).uploadData(body, options)),
      );
    },
    async stage(name, body) {
      await creatingContainer(raw, () => raw.getBlockBlobClient(name).stageBlock(blockId, body, body.length));
    },
    async commit(name, metadata) {
      await raw.getBlockBlobClient(name).commitBlockList([blockId], { metadata: { ...metadata }, ...asGzip });
    },
    async putRejected(name, body) {
      await rejected.createIfNotExists();
      await rejected.getBlockBlobClient(name).uploadStream(Readable.from(body), rejectedBufferBytes, 1);
    },
    readRejected: (name) =>
      unlessMissing(async () => {
        const { readableStreamBody } = await rejected.getBlockBlobClient(name).download();
        return chunksOf(readableStreamBody);
      }),
    read: (name) =>
      unlessMissing(async () => {
        const { metadata = {}, readableStreamBody } = await raw.getBlockBlobClient(name).download();
        return { metadata, body: chunksOf(readableStreamBody) };
      }),
  };
}

/** Not as Content-Encoding, so that readers get the compressed file that the name says. */
const asGzip = { blobHTTPHeaders: { blobContentType: 'application/gzip' } };
