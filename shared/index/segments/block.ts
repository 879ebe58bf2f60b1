/**
 * A block: up to some hundred neighboring rows of a dimension, compressed together. A full block holds what rows hold; a
 * thin one only their keys, and in which full blocks of `time` the rows of the same records are.
 */
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { IndexRow, TextPointer } from '../record-index.ts';
import { readKeys, writeKeys } from './block-keys.ts';
import { createByteReader, createByteWriter, type ByteReader, type ByteWriter } from './bytes.ts';
import { readMatches, writeMatches } from './match-section.ts';
import { fromPlain, toPlain } from './plain-bytes.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** First byte of a block: its layout. */
const version = 1;
/** Twice the time for a few percent less is not worth it; a block fits into the window. */
const quality = 5;
const windowBits = 20;

const kinds = { full: 0, thin: 1 } as const;

/** Where bytes are in the file of a piece, which is named by its position in the manifest. */
export interface BlockPlace {
  readonly piece: number;
  readonly offset: number;
  readonly length: number;
}

/** Rows by key, each with the place of the block that holds the row of its record in `time`. */
export interface ThinRow {
  readonly rowKey: string;
  readonly at: BlockPlace;
}

export type Block =
  | { readonly kind: 'full'; readonly rows: readonly IndexRow[] }
  | { readonly kind: 'thin'; readonly rows: readonly ThinRow[] };

/** Rows in ascending order of key; their texts are not included. */
export async function encodeFull(rows: readonly IndexRow[]): Promise<Buffer> {
  const writer = begun(kinds.full, rows);
  writeMatches(
    writer,
    rows.map(({ match }) => match),
  );
  writePointers(writer, rows);
  writePacked(
    writer,
    rows.map(({ summary }) => summary),
  );
  return await sealed(writer);
}

export async function encodeThin(rows: readonly ThinRow[]): Promise<Buffer> {
  const writer = begun(kinds.thin, rows);
  const places = [...new Map(rows.map(({ at }) => [`${at.piece} ${at.offset}`, at])).values()].sort(
    (a, b) => a.piece - b.piece || a.offset - b.offset,
  );
  writer.number(places.length);
  let before = 0;
  for (const { piece, offset, length } of places) {
    writer.number(piece);
    writer.signed(offset - before);
    writer.number(length);
    before = offset;
  }
  const numbers = new Map(places.map(({ piece, offset }, at) => [`${piece} ${offset}`, at]));
  for (const { at } of rows) writer.number(numbers.get(`${at.piece} ${at.offset}`) ?? 0);
  return await sealed(writer);
}

/** @throws Error when the bytes are not a block */
export async function decodeBlock(bytes: Buffer): Promise<Block> {
  const reader = await opened(bytes);
  const kind = reader.number();
  const keys = readKeys(reader, reader.number());
  return kind === kinds.thin
    ? { kind: 'thin', rows: readThin(reader, keys) }
    : { kind: 'full', rows: readFull(reader, keys) };
}

/** The texts of the rows of a block, apart from it: most scans do not read them. */
export async function encodeTexts(rows: readonly IndexRow[]): Promise<Buffer> {
  const writer = createByteWriter();
  const texts = rows.flatMap(({ text }, at) => (text === undefined ? [] : [{ at, text }]));
  writer.number(texts.length);
  for (const { at } of texts) writer.number(at);
  writePacked(
    writer,
    texts.map(({ text }) => text),
  );
  return await sealed(writer);
}

/** By position of their rows in the block. */
export async function decodeTexts(bytes: Buffer): Promise<ReadonlyMap<number, Uint8Array>> {
  const reader = await opened(bytes);
  const positions = Array.from({ length: reader.number() }, () => reader.number());
  const texts = readPacked(reader, positions.length);
  return new Map(positions.map((at, nth) => [at, texts[nth] ?? Buffer.alloc(0)]));
}

function begun(kind: number, rows: readonly { readonly rowKey: string }[]): ByteWriter {
  const writer = createByteWriter();
  writer.number(kind);
  writer.number(rows.length);
  writeKeys(
    writer,
    rows.map(({ rowKey }) => rowKey),
  );
  return writer;
}

async function sealed(writer: ByteWriter): Promise<Buffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: windowBits };
  return Buffer.concat([Buffer.from([version]), await compress(writer.finish(), { params })]);
}

async function opened(bytes: Buffer): Promise<ByteReader> {
  if (bytes[0] !== version)
    throw new Error(`Unknown version ${bytes[0] ?? 'none'} of a block: this release reads ${version}.`);
  return createByteReader(await decompress(bytes.subarray(1)));
}

function readThin(reader: ByteReader, keys: readonly string[]): readonly ThinRow[] {
  let offset = 0;
  const places = Array.from({ length: reader.number() }, (): BlockPlace => {
    const piece = reader.number();
    offset += reader.signed();
    return { piece, offset, length: reader.number() };
  });
  return keys.map((rowKey) => {
    const at = places[reader.number()];
    if (at === undefined) throw new Error('A thin block is damaged.');
    return { rowKey, at };
  });
}

function readFull(reader: ByteReader, keys: readonly string[]): readonly IndexRow[] {
  const matches = readMatches(reader, keys.length);
  const pointers = readPointers(reader);
  const summaries = readPacked(reader, keys.length);
  return keys.map((rowKey, at) => {
    const [match = {}, summary = Buffer.alloc(0), textAt] = [matches[at], summaries[at], pointers.get(at)];
    return textAt === undefined ? { rowKey, match, summary } : { rowKey, match, summary, textAt };
  });
}

function writePointers(writer: ByteWriter, rows: readonly IndexRow[]): void {
  const pointers = rows.flatMap(({ textAt }, at) => (textAt === undefined ? [] : [{ ...textAt, at }]));
  writer.number(pointers.length);
  for (const { at, line, blobName } of pointers) {
    writer.number(at);
    writer.number(line);
    writer.text(blobName);
  }
}

function readPointers(reader: ByteReader): ReadonlyMap<number, TextPointer> {
  const entries = Array.from({ length: reader.number() }, (): [number, TextPointer] => {
    const at = reader.number();
    const line = reader.number();
    return [at, { line, blobName: reader.text() }];
  });
  return new Map(entries);
}

function writePacked(writer: ByteWriter, all: readonly Uint8Array[]): void {
  const plain = all.map(toPlain);
  for (const { bytes, isPacked } of plain) writer.number(2 * bytes.length + (isPacked ? 1 : 0));
  for (const { bytes } of plain) writer.bytes(bytes);
}

function readPacked(reader: ByteReader, count: number): readonly Uint8Array[] {
  const heads = Array.from({ length: count }, () => reader.number());
  return heads.map((head) =>
    fromPlain({ bytes: reader.bytes(Math.floor(head / 2)), isPacked: head % 2 === 1 }),
  );
}
