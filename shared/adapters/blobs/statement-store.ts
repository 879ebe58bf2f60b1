/** Container `evidence`: statements by their SHA-256, created once and never changed, next to the checkpoints. */
import type { StorageSettings } from '../../config.ts';
import type { StatementStore } from '../../evidence/statement.ts';
import { unlessExists, unlessMissing } from '../storage.ts';
import { blobService, containerOf, creatingContainer } from './containers.ts';

export function createStatementStore(settings: StorageSettings): StatementStore {
  const container = containerOf(blobService(settings), 'evidence');
  const blobOf = (tenantId: string, sha256: string) =>
    container.getBlockBlobClient(`statements/${tenantId}/${sha256}.jsonl`);
  return {
    async put(tenantId, sha256, text) {
      const options = {
        conditions: { ifNoneMatch: '*' },
        blobHTTPHeaders: { blobContentType: 'text/plain' },
      };
      await unlessExists(() =>
        creatingContainer(container, () =>
          blobOf(tenantId, sha256).upload(text, Buffer.byteLength(text), options),
        ),
      );
    },
    get: (tenantId, sha256) =>
      unlessMissing(async () => (await blobOf(tenantId, sha256).downloadToBuffer()).toString('utf8')),
  };
}
