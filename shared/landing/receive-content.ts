/** Receives the body of one content blob: validates and splits it, in bounded memory whatever its size. */
import { createHash } from 'node:crypto';
import { MalformedContentError } from '../errors.ts';
import { prepend } from '../peek.ts';
import { createGzipSink, type GzipSink } from './gzip.ts';
import type { Receipt } from './ledger.ts';
import { createRecordSalvager } from './salvage-records.ts';
import { createRecordSplitter } from './split-records.ts';

export interface LandingLimits {
  /** A body whose text is larger is written to raw blobs of its own instead of being held in memory. */
  readonly maxBufferedBytes: number;
  /** Text per raw blob, uncompressed. */
  readonly maxLandingBytes: number;
  readonly maxLandingContents: number;
}

/** 16 MiB or 500 content blobs a landing: few blob writes, and a queue message takes a minute or two at most. */
export const defaultLandingLimits: LandingLimits = {
  maxBufferedBytes: 1024 * 1024,
  maxLandingBytes: 16 * 1024 * 1024,
  maxLandingContents: 500,
};

/** A part of a large body, staged under its name and not visible yet. */
export interface StagedPart {
  readonly index: number;
  readonly records: number;
  readonly textBytes: number;
  /** SHA-256 of its text, hex. */
  readonly textSha256: string;
}

/** Where the records of a body are held until they land. */
export type ReceivedText =
  | { readonly kind: 'buffered'; readonly chunks: readonly Buffer[] }
  | { readonly kind: 'staged'; readonly parts: readonly StagedPart[] };

export interface ReceivedContent {
  readonly receipt: Receipt;
  readonly text: ReceivedText;
}

/** The body is not an array of objects; it was received whole, so that it can be kept. */
export class RejectedContentError extends Error {
  override readonly name = 'RejectedContentError';
  readonly receipt: Receipt;
  /** The body as received; undefined when it was too large to hold. */
  readonly body: readonly Buffer[] | undefined;

  constructor(cause: MalformedContentError, receipt: Receipt, body: readonly Buffer[] | undefined) {
    super(cause.message, { cause });
    this.receipt = receipt;
    this.body = body;
  }
}

export interface ReceiveOptions {
  readonly limits: LandingLimits;
  /** Uploads one part of a large body without making it visible. */
  readonly stagePart: (index: number, gzipped: Buffer) => Promise<void>;
  /** Runs the task when few enough large bodies are being received. */
  readonly whenLarge: <T>(task: () => Promise<T>) => Promise<T>;
}

/**
 * Reads a body to its end.
 * @throws RejectedContentError when it is not a JSON array of objects
 * @throws the body's own error when the transfer breaks
 */
export async function receiveContent(
  body: AsyncIterable<Buffer>,
  options: ReceiveOptions,
): Promise<ReceivedContent> {
  return await gather(createBodyReader(body), options);
}

/**
 * Reads a body that was rejected, for its whole records; the receipt counts what they leave.
 * @throws the body's own error when the transfer breaks
 */
export async function salvageContent(
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: ReceiveOptions,
): Promise<ReceivedContent> {
  return await gather(createSalvageReader(body), options);
}

async function gather(reader: BodyReader, options: ReceiveOptions): Promise<ReceivedContent> {
  const chunks: Buffer[] = [];
  let textBytes = 0;
  for await (const text of reader.texts) {
    chunks.push(text);
    textBytes += text.length;
    if (textBytes > options.limits.maxBufferedBytes) {
      const parts = await options.whenLarge(() => stageParts(prepend(chunks, reader.texts), options));
      return { receipt: reader.receipt(), text: { kind: 'staged', parts } };
    }
  }
  return { receipt: reader.receipt(), text: { kind: 'buffered', chunks } };
}

interface BodyReader {
  readonly texts: AsyncGenerator<Buffer>;
  /** Call once, after the last text. */
  readonly receipt: () => Receipt;
}

/** Gives the text of a body chunk by chunk while hashing and counting it; holds the body itself while it is small. */
function createBodyReader(body: AsyncIterable<Buffer>): BodyReader {
  const splitter = createRecordSplitter();
  const hash = createHash('sha256');
  const held: Buffer[] = [];
  let bytes = 0;
  let fault: MalformedContentError | undefined;
  const receipt = () => ({ records: splitter.records, bytes, sha256: hash.digest('hex') });
  const attempt = (split: () => Buffer): Buffer => {
    try {
      return fault === undefined ? split() : nothing;
    } catch (error) {
      if (!(error instanceof MalformedContentError)) throw error;
      fault = error;
      return nothing;
    }
  };
  async function* texts(): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      hash.update(chunk);
      bytes += chunk.length;
      if (bytes <= maxHeldBytes) held.push(chunk);
      else held.length = 0;
      const text = attempt(() => splitter.push(chunk));
      if (text.length > 0) yield text;
    }
    attempt(() => (splitter.end(), nothing));
    if (fault !== undefined)
      throw new RejectedContentError(fault, receipt(), bytes <= maxHeldBytes ? held : undefined);
  }
  return { texts: texts(), receipt };
}

/** Like {@link createBodyReader}, for the whole records of a body. */
function createSalvageReader(body: AsyncIterable<Buffer> | Iterable<Buffer>): BodyReader {
  const salvager = createRecordSalvager();
  const hash = createHash('sha256');
  let bytes = 0;
  async function* texts(): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      hash.update(chunk);
      bytes += chunk.length;
      const text = salvager.push(chunk);
      if (text.length > 0) yield text;
    }
    salvager.end();
  }
  const receipt = () => {
    const { records, faults, faultAt } = salvager;
    return { records, bytes, sha256: hash.digest('hex'), faults, faultAt };
  };
  return { texts: texts(), receipt };
}

const nothing = Buffer.alloc(0);
const maxHeldBytes = 1024 * 1024;

/** Cuts text at record ends into parts of at least `maxLandingBytes`, and stages each when it is full. */
async function stageParts(
  texts: AsyncIterable<Buffer>,
  options: ReceiveOptions,
): Promise<readonly StagedPart[]> {
  const parts: StagedPart[] = [];
  let sink = createGzipSink();
  let records = 0;
  const finishPart = async () => {
    const index = parts.length + 1;
    const { body, textSha256 } = await sink.finish();
    await options.stagePart(index, body);
    parts.push({ index, records, textBytes: sink.textBytes, textSha256 });
    sink = createGzipSink();
    records = 0;
  };
  for await (const text of texts) {
    const end = text.lastIndexOf(0x0a) + 1;
    records += await writeLines(sink, text.subarray(0, end));
    if (end > 0 && sink.textBytes >= options.limits.maxLandingBytes) await finishPart();
    if (end < text.length) await sink.write(text.subarray(end));
  }
  if (sink.textBytes > 0) await finishPart();
  return parts;
}

async function writeLines(sink: GzipSink, text: Buffer): Promise<number> {
  if (text.length > 0) await sink.write(text);
  let lines = 0;
  for (let at = text.indexOf(0x0a); at !== -1; at = text.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
