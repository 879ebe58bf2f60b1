/** Writes a zip file that another process can continue at any moment, with the same bytes. */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { dataDescriptor, directory, localHeader, zipPartSchema, type ZipPart } from './zip-records.ts';

export const zipStateSchema = z.strictObject({
  /** Bytes of the file so far. */
  offset: z.int(),
  /** Parts that are complete, and the one being written, which is last. */
  parts: z.array(zipPartSchema),
  /** Content of that part that is not compressed yet. */
  held: z.string(),
});
export type ZipState = z.output<typeof zipStateSchema>;

/** Each method returns the bytes that follow in the file. */
export interface ZipWriter {
  begin(name: string): Buffer;
  append(content: string): Buffer;
  /** Bytes of the part being written, before compression. */
  size(): number;
  endPart(): Buffer;
  endFile(): Buffer;
  state(): ZipState;
}

/**
 * Content is compressed in pieces of about this size, each on its own: a process that continues cannot know what an
 * earlier one had compressed. Pieces end where the content says, not when a process ends, so the bytes are always the
 * same. What is held is part of the state, so it must be small.
 */
const pieceBytes = 32 * 1024;
const nothing: ZipState = { offset: 0, parts: [], held: '' };

export function createZipWriter({
  offset: begun,
  parts: earlier,
  held: left,
}: ZipState = nothing): ZipWriter {
  const parts = [...earlier];
  let [offset, held, heldBytes] = [begun, [left], Buffer.byteLength(left)];
  const written = (bytes: Buffer): Buffer => {
    offset += bytes.length;
    return bytes;
  };
  const change = (next: (part: ZipPart) => Partial<ZipPart>): ZipPart => {
    const part = parts.at(-1);
    if (part === undefined) throw new Error('No part of the zip file was begun.');
    const changed = { ...part, ...next(part) };
    parts[parts.length - 1] = changed;
    return changed;
  };
  const compress = (flush: number): Buffer => {
    const content = Buffer.from(held.join(''));
    [held, heldBytes] = [[], 0];
    const bytes = deflateRawSync(content, { finishFlush: flush });
    change((part) => ({
      crc: crc32(content, part.crc),
      compressed: part.compressed + bytes.length,
      bytes: part.bytes + content.length,
    }));
    return written(bytes);
  };
  return {
    begin(name) {
      parts.push({ name, offset, crc: 0, compressed: 0, bytes: 0 });
      return written(localHeader(name));
    },
    append(content) {
      held.push(content);
      heldBytes += Buffer.byteLength(content);
      return heldBytes < pieceBytes ? Buffer.alloc(0) : compress(constants.Z_SYNC_FLUSH);
    },
    size: () => (parts.at(-1)?.bytes ?? 0) + heldBytes,
    endPart() {
      const last = compress(constants.Z_FINISH);
      return Buffer.concat([last, written(dataDescriptor(change(() => ({}))))]);
    },
    endFile: () => written(directory(parts, offset)),
    state: () => ({ offset, parts: [...parts], held: held.join('') }),
  };
}
