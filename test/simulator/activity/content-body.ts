/** The body of a content blob: exact record texts, exact bytes, or records generated while it is sent. */

import type { ReplyBody } from '../http.ts';
import { splitTopLevel } from '../json-text.ts';

export interface ContentBody {
  readonly recordCount: number;
  whole(): ReplyBody;
  /** Served while the content blob is still growing: about half of its records. */
  beginning(): ReplyBody;
  /** The exact texts of the records; empty if the body is not a JSON array. */
  recordTexts(): Iterable<string>;
}

/** How the records of a content blob are separated. */
export interface Layout {
  /** Puts a line break after every comma between records. */
  readonly lineBreaks: boolean;
}

const compactLayout: Layout = { lineBreaks: false };

const pieceLength = 64 * 1024;

/** A JSON array of the texts, byte for byte; built once. */
export const bodyOfRecords = (texts: readonly string[], layout: Layout = compactLayout): ContentBody => {
  const whole = joinRecords(texts, layout);
  return {
    recordCount: texts.length,
    whole: () => whole,
    beginning: () => joinRecords(texts.slice(0, Math.floor(texts.length / 2)), layout),
    recordTexts: () => texts,
  };
};

/** Arbitrary bytes: malformed JSON, HTML, `{}`, or a JSON array in an odd layout. */
export const bodyOfBytes = (bytes: Buffer): ContentBody => {
  const texts = elementsOf(bytes.toString());
  return {
    recordCount: texts.length,
    whole: () => bytes,
    beginning: () => bytes,
    recordTexts: () => texts,
  };
};

/**
 * A JSON array of records that `generate` can produce repeatedly. It is generated in pieces while it is sent, so
 * that a body of any size needs little memory.
 */
export const bodyOfGenerated = (recordCount: number, generate: () => Iterable<string>): ContentBody => ({
  recordCount,
  whole: () => () => pieces(generate()),
  beginning: () => () => pieces(take(generate(), Math.floor(recordCount / 2))),
  recordTexts: generate,
});

/** As `bodyOfGenerated`, but keeping the bytes and discarding the texts, for benchmarks. */
export const bodyOfGeneratedBytes = (recordCount: number, generate: () => Iterable<string>): ContentBody => {
  const whole = Buffer.concat([...pieces(generate())]);
  return { ...bodyOfGenerated(recordCount, generate), whole: () => whole };
};

const joinRecords = (texts: readonly string[], { lineBreaks }: Layout): Buffer =>
  Buffer.from(`[${texts.join(lineBreaks ? ',\r\n' : ',')}]`);

const elementsOf = (text: string): readonly string[] => {
  try {
    return Array.isArray(JSON.parse(text)) ? splitTopLevel(text) : [];
  } catch {
    return [];
  }
};

function* pieces(texts: Iterable<string>): Generator<Buffer> {
  let piece = '[';
  let separator = '';
  for (const text of texts) {
    piece += separator + text;
    separator = ',';
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(`${piece}]`);
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken >= count) return;
    taken += 1;
    yield item;
  }
}
