/** Uploads in memory. */
import { partName, uploadPrefix, type ImportUploads } from '../../../shared/imports/upload.ts';

export interface FakeImportUploads extends ImportUploads {
  /** Names of all parts. */
  names(): readonly string[];
}

/** Small pieces, so that readers cannot count on getting a part at once. */
const pieceBytes = 1000;

export function createFakeImportUploads(): FakeImportUploads {
  const blobs = new Map<string, Buffer>();
  return {
    names: () => [...blobs.keys()],
    put: async (upload, part, body) => {
      const name = partName(upload, part);
      const before = blobs.get(name);
      if (before === undefined) blobs.set(name, body);
      return await Promise.resolve(before === undefined || before.equals(body));
    },
    parts: async (upload) => {
      const prefix = uploadPrefix(upload);
      const own = [...blobs].filter(([name]) => name.startsWith(prefix));
      return await Promise.resolve(
        new Map(own.map(([name, body]) => [Number(name.slice(prefix.length)), body.length])),
      );
    },
    read: async (upload, part) => {
      const body = blobs.get(partName(upload, part));
      return await Promise.resolve(body && pieces(body));
    },
    remove: async (upload) => {
      for (const name of blobs.keys()) if (name.startsWith(uploadPrefix(upload))) blobs.delete(name);
      await Promise.resolve();
    },
  };
}

async function* pieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += pieceBytes) {
    yield await Promise.resolve(body.subarray(at, at + pieceBytes));
  }
}
