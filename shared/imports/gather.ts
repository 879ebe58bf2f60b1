/** Reads the next stretch of a file: what becomes one landing, and what is refused. */
import { createGzipSink, type GzipSink } from '../landing/gzip.ts';
import { UnreadableFileError } from './errors.ts';
import type { Refusal } from './import.ts';
import type { PlacedText } from './json-texts.ts';
import { takeRecord, type Expected } from './take-record.ts';

/** A stretch of rows. */
export interface Stretch {
  readonly rows: number;
  /** In these rows. */
  readonly characters: number;
  /** Records to land, in the order of the file. */
  readonly records: number;
  readonly textBytes: number;
  /** SHA-256 of their text, hex. */
  readonly textSha256: string;
  /** Their text, one a line, as gzip. */
  readonly body: Buffer;
  readonly refusals: readonly Refusal[];
  /** The file ends here; or cannot be read on, which the text says. */
  readonly end?: 'end' | { readonly fault: string };
}

export interface StretchLimits {
  /** It ends with the row that exceeds this. */
  readonly characters: number;
  /** Or, where an earlier attempt ended it: after so many rows. */
  readonly rows?: number | undefined;
}

/** A refusal is held for each row at most; a row can have two characters. */
const maxStretchRows = 50_000;

/** Memory is bounded by the longest row, by the compressed text of the stretch, and by the number of its rows. */
export async function gather(
  rows: AsyncIterator<PlacedText>,
  expected: Expected,
  limits: StretchLimits,
): Promise<Stretch> {
  const sink = createGzipSink();
  const count = { rows: 0, characters: 0, records: 0 };
  const refusals: Refusal[] = [];
  const toStretch = async (end?: Stretch['end']): Promise<Stretch> => ({
    ...count,
    ...(await sink.finish()),
    textBytes: sink.textBytes,
    refusals,
    ...(end === undefined ? {} : { end }),
  });
  while (!isFull(count, limits)) {
    const row = await nextRow(rows);
    if (row === 'end' || 'fault' in row) return await toStretch(row);
    count.rows++;
    count.characters += row.value.length;
    const taken = takeRecord(row, expected);
    if ('reason' in taken) refusals.push({ place: row.place, reason: taken.reason });
    else count.records += await write(sink, taken.text);
  }
  return await toStretch();
}

function isFull({ rows, characters }: { rows: number; characters: number }, limits: StretchLimits): boolean {
  if (limits.rows !== undefined) return rows >= limits.rows;
  return characters >= limits.characters || rows >= maxStretchRows;
}

async function write(sink: GzipSink, text: Buffer): Promise<number> {
  await sink.write(Buffer.concat([text, lineEnd]));
  return 1;
}

const lineEnd = Buffer.from('\n');

/** Reads rows that earlier runs have landed. @returns why that is no longer possible, if it is not */
export async function skip(rows: AsyncIterator<PlacedText>, count: number): Promise<string | undefined> {
  for (let read = 0; read < count; read++) {
    const row = await nextRow(rows);
    if (row !== 'end' && 'fault' in row) return row.fault;
  }
  return undefined;
}

async function nextRow(rows: AsyncIterator<PlacedText>): Promise<PlacedText | 'end' | { fault: string }> {
  try {
    const next = await rows.next();
    return next.done === true ? 'end' : next.value;
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { fault: error.message };
  }
}
