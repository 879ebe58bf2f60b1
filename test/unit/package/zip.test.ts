/** The archive can be read by others' eyes: by the format's own rules, entry by entry. */
import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createZip, type ZipEntry } from '../../../scripts/package/zip.ts';

/** Follows the directory at the end of the archive, as every unpacker does. */
function unpack(archive: Buffer): readonly ZipEntry[] {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    entries.push(unpackFile(archive, at));
    at += 46 + archive.readUInt16LE(at + 28);
  }
  expect(at).toBe(end);
  return entries;
}

function unpackFile(archive: Buffer, line: number): ZipEntry {
  const nameBytes = archive.readUInt16LE(line + 28);
  const file = archive.readUInt32LE(line + 42);
  expect(archive.readUInt32LE(file)).toBe(0x04034b50);
  // The header before the file repeats the entry in the directory.
  expect(archive.subarray(file + 4, file + 30)).toEqual(archive.subarray(line + 6, line + 32));
  const begin = file + 30 + nameBytes;
  const content = inflateRawSync(archive.subarray(begin, begin + archive.readUInt32LE(line + 20)));
  expect(content.length).toBe(archive.readUInt32LE(line + 24));
  expect(crc32(content)).toBe(archive.readUInt32LE(line + 16));
  return { name: archive.toString('utf8', file + 30, begin), content };
}

const entries = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name !== '__proto__'),
    content: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  }),
  { selector: ({ name }) => name, maxLength: 20 },
);

describe('an archive', () => {
  it('gives back every file, whatever its name and content', () => {
    fc.assert(
      fc.property(entries, (files) => {
        const byName = (a: ZipEntry, b: ZipEntry) => (a.name < b.name ? -1 : 1);
        expect(unpack(createZip(files)).toSorted(byName)).toEqual(files.toSorted(byName));
      }),
    );
  });

  it('is not written without a file whose name the library cannot hold', () => {
    expect(() => createZip([{ name: '__proto__', content: Buffer.from('a') }])).toThrow('rename it');
  });

  it('is the same for the same files in any order', () => {
    fc.assert(
      fc.property(entries, (files) => {
        expect(createZip(files.toReversed())).toEqual(createZip(files));
      }),
    );
  });
});
