/**
 * The records of a zip file, as bytes.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import * as z from 'zod';

/** A part of the file whose size is known only after it was written. */
export const zipPartSchema = z.strictObject({
  name: z.string(),
  /** Where its header begins in the file. */
  offset: z.int(),
  crc: z.int(),
  compressed: z.int(),
  bytes: z.int(),
});
export type ZipPart = z.output<typeof zipPartSchema>;

const version = 20;
const version64 = 45;
/** Sizes follow the content; names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
/** 1980-01-01: the same file must have the same bytes whenever it is written. */
const date = 0x0021;
const unknown32 = 0xffff_ffff;

type Field = readonly [bytes: 2 | 4 | 8, value: number];

/** Before the content of a part. */
export function localHeader(name: string): Buffer {
  const encoded = Buffer.from(name);
  return Buffer.concat([
    fields([4, 0x0403_4b50], [2, version], [2, flags], [2, deflated], [2, 0], [2, date]),
    fields([4, 0], [4, 0], [4, 0], [2, encoded.length], [2, 0]),
    encoded,
  ]);
}

/** After the content of a part, which must be smaller than 4 GiB. */
export function dataDescriptor({ crc, compressed, bytes }: ZipPart): Buffer {
  return fields([4, 0x0807_4b50], [4, crc], [4, compressed], [4, bytes]);
}

/** What ends the file: the directory of its parts. @param offset where it begins */
export function directory(parts: readonly ZipPart[], offset: number): Buffer {
  const entries = Buffer.concat(parts.map(directoryEntry));
  const is64 = offset + entries.length >= unknown32;
  const place = { count: parts.length, bytes: entries.length, offset };
  return Buffer.concat([entries, ...(is64 ? [end64(place)] : []), end(place)]);
}

function directoryEntry({ name, offset, crc, compressed, bytes }: ZipPart): Buffer {
  const encoded = Buffer.from(name);
  const is64 = offset >= unknown32;
  const extra = is64 ? fields([2, 1], [2, 8], [8, offset]) : Buffer.alloc(0);
  return Buffer.concat([
    fields([4, 0x0201_4b50], [2, is64 ? version64 : version], [2, is64 ? version64 : version]),
    fields([2, flags], [2, deflated], [2, 0], [2, date], [4, crc], [4, compressed], [4, bytes]),
    fields([2, encoded.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0]),
    fields([4, is64 ? unknown32 : offset]),
    encoded,
    extra,
  ]);
}

interface Place {
  readonly count: number;
  readonly bytes: number;
  readonly offset: number;
}

function end64({ count, bytes, offset }: Place): Buffer {
  return Buffer.concat([
    fields([4, 0x0606_4b50], [8, 44], [2, version64], [2, version64], [4, 0], [4, 0]),
    fields([8, count], [8, count], [8, bytes], [8, offset]),
    fields([4, 0x0706_4b50], [4, 0], [8, offset + bytes], [4, 1]),
  ]);
}

function end({ count, bytes, offset }: Place): Buffer {
  return fields(
    ...([
      [4, 0x0605_4b50],
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, bytes],
    ] as const),
    ...([
      [4, Math.min(offset, unknown32)],
      [2, 0],
    ] as const),
  );
}

function fields(...all: readonly Field[]): Buffer {
  return Buffer.concat(
    all.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 8) field.writeBigUInt64LE(BigInt(value));
      else field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
