/** Containers `raw` and `rejected`. */
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { RestError } from '@azure/storage-blob';
import { Readable } from 'node:stream';
import type { StorageSettings } from '../../config.ts';
import type { RawStore } from '../../landing/landing.ts';
import { storageAccess } from '../storage.ts';

/** A staged blob has exactly one block; ids are base64 of equal length. */
const blockId = Buffer.from('part').toString('base64');
const rejectedBufferBytes = 1024 * 1024;

export function createRawStore(settings: StorageSettings): RawStore {
  const service = blobService(settings);
  const raw = service.getContainerClient('raw');
  const rejected = service.getContainerClient('rejected');
  return {
    async put(name, body, metadata) {
      await making(raw, () =>
        raw.getBlockBlobClient(name).uploadData(body, { metadata: { ...metadata }, ...asGzip }),
      );
    },
    async stage(name, body) {
      await making(raw, () => raw.getBlockBlobClient(name).stageBlock(blockId, body, body.length));
    },
    async commit(name, metadata) {
      await raw.getBlockBlobClient(name).commitBlockList([blockId], { metadata: { ...metadata }, ...asGzip });
    },
    async putRejected(name, body) {
      await rejected.createIfNotExists();
      await rejected.getBlockBlobClient(name).uploadStream(Readable.from(body), rejectedBufferBytes, 1);
    },
    async read(name) {
      try {
        const { metadata = {}, readableStreamBody } = await raw.getBlockBlobClient(name).download();
        return { metadata, body: chunks(readableStreamBody) };
      } catch (error) {
        if (error instanceof RestError && error.statusCode === 404) return undefined;
        throw error;
      }
    },
  };
}

/** Not as Content-Encoding: readers get the file as it is named. */
const asGzip = { blobHTTPHeaders: { blobContentType: 'application/gzip' } };

function blobService(settings: StorageSettings): BlobServiceClient {
  const access = storageAccess(settings, 'blob');
  return typeof access === 'string'
    ? BlobServiceClient.fromConnectionString(access)
    : new BlobServiceClient(access.uri, access.credential);
}

/** Runs a write, making the container first where it is missing. */
async function making<T>(container: ContainerClient, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof RestError) || error.code !== 'ContainerNotFound') throw error;
    await container.createIfNotExists();
    return await write();
  }
}

async function* chunks(stream: NodeJS.ReadableStream | undefined): AsyncGenerator<Buffer> {
  if (stream === undefined) return;
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
