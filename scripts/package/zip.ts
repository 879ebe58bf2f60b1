/** Writes a ZIP archive that is the same, byte for byte, whenever and wherever its entries are the same. */
import { zipSync, type Zippable } from 'fflate';

export interface ZipEntry {
  /** Path inside the archive, with `/`. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** The earliest time that the format can express: a package has no time of its own. */
const mtime = new Date(1980, 0, 1);
const unix = 3;
/** File modes are in the upper half of the external attributes. */
const regularFile = (0o100644 << 16) >>> 0;

/**
 * Archive of these entries, in the order of their names; for what fits in memory, below 4 GiB and 65,536 entries.
 * @throws {Error} for a file named `__proto__`, which the library would leave out
 */
export function createZip(entries: readonly ZipEntry[]): Buffer {
  if (entries.some(({ name }) => name === '__proto__'))
    throw new Error('An archive cannot hold a file named __proto__: rename it.');
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files: Zippable = Object.fromEntries(sorted.map(({ name, content }) => [name, content]));
  return Buffer.from(zipSync(files, { level: 9, mtime, os: unix, attrs: regularFile }));
}
