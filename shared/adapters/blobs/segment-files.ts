/** Container `segments`. */
import type { StorageSettings } from '../../config.ts';
import type { SegmentFile, SegmentFiles } from '../../index/segments/segment-files.ts';
import { hasErrorCode, unlessMissing } from '../storage.ts';
import { blobService, chunksOf, containerOf, creatingContainer } from './containers.ts';

/** Of one block of a blob: what is appended is collected up to this. */
const stagedBytes = 4 * 1024 * 1024;

export function createSegmentFiles(settings: StorageSettings): SegmentFiles {
  const container = containerOf(blobService(settings), 'segments');
  const blob = (name: string) => container.getBlockBlobClient(name);

  function create(name: string): SegmentFile {
    const blockIds: string[] = [];
    let parts: Buffer[] = [];
    let bytes = 0;
    const stage = async () => {
      const body = Buffer.concat(parts);
      [parts, bytes] = [[], 0];
      const blockId = Buffer.from(String(blockIds.length).padStart(6, '0')).toString('base64');
      await creatingContainer(container, () => blob(name).stageBlock(blockId, body, body.length));
      blockIds.push(blockId);
    };
    return {
      async append(appended) {
        parts.push(appended);
        bytes += appended.length;
        if (bytes >= stagedBytes) await stage();
      },
      async close() {
        if (blockIds.length === 0) {
          const body = Buffer.concat(parts);
          await creatingContainer(container, () => blob(name).upload(body, body.length));
          return;
        }
        if (bytes > 0) await stage();
        await blob(name).commitBlockList(blockIds);
      },
    };
  }

  return {
    create,
    async read(name, offset, length) {
      try {
        return await unlessMissing(async () => {
          const { readableStreamBody } = await blob(name).download(offset, length);
          const chunks: Buffer[] = [];
          for await (const chunk of chunksOf(readableStreamBody)) chunks.push(chunk);
          return Buffer.concat(chunks);
        });
      } catch (error) {
        // An empty file has no range.
        if (hasErrorCode(error, 'InvalidRange')) return Buffer.alloc(0);
        throw error;
      }
    },
    async names(prefix) {
      const found: string[] = [];
      try {
        for await (const { name } of container.listBlobsFlat({ prefix })) found.push(name);
      } catch (error) {
        if (!hasErrorCode(error, 'ContainerNotFound')) throw error;
      }
      return found;
    },
    async remove(name) {
      await unlessMissing(() => blob(name).delete());
    },
  };
}
