/** Container `exports`. */
import type { StorageSettings } from '../../config.ts';
import type { ExportFiles } from '../../exports/export.ts';
import { unlessMissing } from '../storage.ts';
import { blobService, chunksOf, containerOf, creatingContainer } from './containers.ts';

export function createExportFiles(settings: StorageSettings): ExportFiles {
  const container = containerOf(blobService(settings), 'exports');
  const blob = (name: string) => container.getBlockBlobClient(name);
  const remove = async (name: string): Promise<void> => {
    // Blocks that were never committed have no blob to delete: committing none of them discards them.
    await unlessMissing(() => blob(name).commitBlockList([]));
    await unlessMissing(() => blob(name).delete());
  };
  return {
    async stage(name, blockId, body) {
      await creatingContainer(container, () => blob(name).stageBlock(blockId, body, body.length));
    },
    async commit(name, blockIds, mediaType) {
      await creatingContainer(container, () =>
        blob(name).commitBlockList([...blockIds], { blobHTTPHeaders: { blobContentType: mediaType } }),
      );
    },
    async read(name, range) {
      const [offset, count] = range === undefined ? [0] : [range.first, range.last - range.first + 1];
      return await unlessMissing(async () => {
        const { readableStreamBody } = await blob(name).download(offset, count);
        return chunksOf(readableStreamBody);
      });
    },
    remove,
    async removeAll(prefix) {
      const blobs = container.listBlobsFlat({ prefix, includeUncommitedBlobs: true });
      await unlessMissing(async () => {
        for await (const { name } of blobs) await remove(name);
      });
    },
  };
}
