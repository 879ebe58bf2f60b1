/** Writes a ZIP archive that is the same, byte for byte, whenever and wherever its entries are the same. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Path inside the archive, with `/`. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** ZIP 2.0, written on Unix: deflate, and file modes in the upper half of the external attributes. */
const version = 20;
const madeByUnix = (3 << 8) | version;
const regularFile = (0o100644 << 16) >>> 0;
const deflated = 8;
const namesAreUtf8 = 0x0800;
/** 1980-01-01, the earliest that the format can say: a package has no time of its own. */
const dosDate = (1 << 5) | 1;

/**
 * Archive of these entries, in the order of their names; for what fits in memory, below 4 GiB and 65,536 entries.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.7, 4.3.12, 4.3.16)
 */
export function createZip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const data = deflateRawSync(content, { level: 9 });
    const path = Buffer.from(name);
    const facts = describe(path, content, data);
    const file = Buffer.concat([signed(0x04034b50, [], facts), path, data]);
    directory.push(signed(0x02014b50, [madeByUnix], facts), placed(offset), path);
    files.push(file);
    offset += file.length;
  }
  return Buffer.concat([
    ...files,
    ...directory,
    end(entries.length, Buffer.concat(directory).length, offset),
  ]);
}

/** What a file's own header and its line in the directory have in common. */
function describe(path: Buffer, content: Uint8Array, data: Buffer): Buffer {
  const facts = Buffer.alloc(26);
  [version, namesAreUtf8, deflated, 0, dosDate].forEach((value, at) => facts.writeUInt16LE(value, at * 2));
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(data.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(path.length, 22);
  return facts;
}

function signed(signature: number, words: readonly number[], rest: Buffer): Buffer {
  const head = Buffer.alloc(4 + words.length * 2);
  head.writeUInt32LE(signature);
  words.forEach((word, at) => head.writeUInt16LE(word, 4 + at * 2));
  return Buffer.concat([head, rest]);
}

/** The end of a line in the directory: no comment, first disk, mode, and where the file begins. */
function placed(offset: number): Buffer {
  const place = Buffer.alloc(14);
  place.writeUInt32LE(regularFile, 6);
  place.writeUInt32LE(offset, 10);
  return place;
}

function end(count: number, directoryBytes: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
