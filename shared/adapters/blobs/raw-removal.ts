/** Deletes raw blobs that are older than the retention of their tenant. */
import type { StorageSettings } from '../../config.ts';
import type { RawRemoval } from '../../retention/old-data.ts';
import { blobService, containerOf } from './containers.ts';
import { deleteBlob } from './delete-blob.ts';

export function createRawRemoval(settings: StorageSettings): RawRemoval {
  const container = containerOf(blobService(settings), 'raw');
  return { remove: (name) => deleteBlob(container, name) };
}
