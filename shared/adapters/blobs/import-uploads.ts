/** Container `uploads`. */
import type { StorageSettings } from '../../config.ts';
import { partName, uploadPrefix, type ImportUploads, type UploadKey } from '../../imports/upload.ts';
import { sha256Of } from '../../sha256.ts';
import { hasErrorCode, unlessExists, unlessMissing } from '../storage.ts';
import { blobService, chunksOf, containerOf, creatingContainer } from './containers.ts';

export function createImportUploads(settings: StorageSettings): ImportUploads {
  const container = containerOf(blobService(settings), 'uploads');
  const blob = (upload: UploadKey, part: number) => container.getBlockBlobClient(partName(upload, part));
  async function sizes(upload: UploadKey): Promise<ReadonlyMap<number, number>> {
    const prefix = uploadPrefix(upload);
    const found = new Map<number, number>();
    try {
      for await (const { name, properties } of container.listBlobsFlat({ prefix }))
        found.set(Number(name.slice(prefix.length)), properties.contentLength ?? 0);
    } catch (error) {
      if (!hasErrorCode(error, 'ContainerNotFound')) throw error;
    }
    return found;
  }
  return {
    async put(upload, part, body) {
      const sha256 = sha256Of(body);
      const options = { metadata: { sha256 }, conditions: { ifNoneMatch: '*' } };
      const write = () => blob(upload, part).uploadData(body, options);
      if (await unlessExists(() => creatingContainer(container, write))) return true;
      const { metadata = {} } = await blob(upload, part).getProperties();
      return metadata['sha256'] === sha256;
    },
    parts: sizes,
    read: (upload, part) =>
      unlessMissing(async () => chunksOf((await blob(upload, part).download()).readableStreamBody)),
    async remove(upload) {
      for (const part of (await sizes(upload)).keys()) await unlessMissing(() => blob(upload, part).delete());
    },
  };
}
