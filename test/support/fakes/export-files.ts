/** Files of exports in memory. */
import type { ExportFiles } from '../../../shared/exports/export.ts';

interface FileInMemory {
  readonly staged: Map<string, Buffer>;
  committed: ReadonlyMap<string, Buffer> | undefined;
}

/** Small pieces, so that readers cannot count on getting a file at once. */
const pieceBytes = 1000;

export function createFakeExportFiles(): ExportFiles {
  const files = new Map<string, FileInMemory>();
  const fileOf = (name: string): FileInMemory => {
    const file = files.get(name) ?? { staged: new Map(), committed: undefined };
    files.set(name, file);
    return file;
  };
  return {
    stage: async (name, blockId, body) => {
      fileOf(name).staged.set(blockId, body);
      await Promise.resolve();
    },
    commit: async (name, blockIds) => {
      const file = fileOf(name);
      const blocks = blockIds.map((id) => [id, file.staged.get(id) ?? file.committed?.get(id)] as const);
      const found = blocks.flatMap(([id, body]) => (body === undefined ? [] : [[id, body] as const]));
      if (found.length < blocks.length) throw new Error('A block was never staged.');
      file.committed = new Map(found);
      // Like Blob Storage: blocks that were not named are discarded.
      file.staged.clear();
      await Promise.resolve();
    },
    read: async (name, range) => {
      const committed = files.get(name)?.committed;
      await Promise.resolve();
      if (committed === undefined) return undefined;
      const body = Buffer.concat([...committed.values()]);
      return pieces(range === undefined ? body : body.subarray(range.first, range.last + 1));
    },
    remove: async (name) => {
      files.delete(name);
      await Promise.resolve();
    },
    removeAll: async (prefix) => {
      for (const name of [...files.keys()].filter((each) => each.startsWith(prefix))) files.delete(name);
      await Promise.resolve();
    },
  };
}

async function* pieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += pieceBytes) {
    yield await Promise.resolve(body.subarray(at, at + pieceBytes));
  }
}
