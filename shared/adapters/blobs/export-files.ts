/** Container `exports`. */
import { BlobServiceClient, RestError, type ContainerClient } from '@azure/storage-blob';
import type { StorageSettings } from '../../config.ts';
import type { ExportFiles } from '../../exports/export.ts';
import { storageAccess } from '../storage.ts';

export function createExportFiles(settings: StorageSettings): ExportFiles {
  const container = blobService(settings).getContainerClient('exports');
  const blob = (name: string) => container.getBlockBlobClient(name);
  return {
    async stage(name, blockId, body) {
      await making(container, () => blob(name).stageBlock(blockId, body, body.length));
    },
    async commit(name, blockIds, mediaType) {
      await making(container, () =>
        blob(name).commitBlockList([...blockIds], { blobHTTPHeaders: { blobContentType: mediaType } }),
      );
    },
    async read(name, range) {
      const [offset, count] = range === undefined ? [0] : [range.first, range.last - range.first + 1];
      return await unlessMissing(async () => {
        const { readableStreamBody } = await blob(name).download(offset, count);
        return chunks(readableStreamBody);
      });
    },
    async remove(name) {
      // Blocks that were never committed have no blob to delete: committing none of them discards them.
      await unlessMissing(() => blob(name).commitBlockList([]));
      await unlessMissing(() => blob(name).delete());
    },
  };
}

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

/** Undefined when the blob or its container is not there. */
async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

async function* chunks(stream: NodeJS.ReadableStream | undefined): AsyncGenerator<Buffer> {
  if (stream === undefined) return;
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
