/** Files of segments in memory. */
import type { SegmentFiles } from '../../../shared/index/segments/segment-files.ts';

export interface FakeSegmentFiles extends SegmentFiles {
  /** Bytes of each file. */
  sizes(): ReadonlyMap<string, number>;
  /** Reads since the beginning. */
  reads(): number;
}

export function createFakeSegmentFiles(): FakeSegmentFiles {
  const files = new Map<string, Buffer>();
  let reads = 0;
  return {
    create(name) {
      const parts: Buffer[] = [];
      return {
        append: async (bytes) => {
          parts.push(bytes);
          await Promise.resolve();
        },
        close: async () => {
          files.set(name, Buffer.concat(parts));
          await Promise.resolve();
        },
      };
    },
    read: async (name, offset, length) => {
      reads++;
      return await Promise.resolve(files.get(name)?.subarray(offset, offset + length));
    },
    names: async (prefix) =>
      await Promise.resolve([...files.keys()].filter((name) => name.startsWith(prefix))),
    remove: async (name) => {
      files.delete(name);
      await Promise.resolve();
    },
    sizes: () => new Map([...files].map(([name, { length }]) => [name, length])),
    reads: () => reads,
  };
}
