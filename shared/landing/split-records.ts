/** Splits the body of a content blob, a JSON array of objects, into lines without parsing and printing it. */
import { MalformedContentError } from '../errors.ts';

/**
 * Takes a body chunk by chunk and gives NDJSON: one record a line, each the exact text as delivered, without line
 * breaks between tokens. A raw line break inside a string, which JSON forbids, is written as its escape. Holds only one
 * chunk in memory, however long a record is.
 */
export interface RecordSplitter {
  /**
   * The NDJSON that this chunk completes or continues.
   * @throws MalformedContentError when the body is not a JSON array of objects
   */
  push(chunk: Buffer): Buffer;
  /** @throws MalformedContentError when the body ends before its array does */
  end(): void;
  /** Records completed so far. */
  readonly records: number;
}

type Phase = 'beforeArray' | 'beforeFirst' | 'inRecord' | 'afterRecord' | 'beforeNext' | 'afterArray';

interface Splitting {
  phase: Phase;
  /** Objects and arrays open within the current record. */
  depth: number;
  inString: boolean;
  /** The chunk ended after a backslash: the next byte has no structural meaning. */
  escaped: boolean;
  records: number;
  /** Bytes of the body before the current one. */
  offset: number;
}

const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Bytes allowed between records, and the phase each leads to. */
const transitions: Readonly<Record<Phase, ReadonlyMap<number, Phase>>> = {
  beforeArray: new Map([[openBracket, 'beforeFirst']]),
  beforeFirst: new Map([
    [openBrace, 'inRecord'],
    [closeBracket, 'afterArray'],
  ]),
  inRecord: new Map(),
  afterRecord: new Map([
    [comma, 'beforeNext'],
    [closeBracket, 'afterArray'],
  ]),
  beforeNext: new Map([[openBrace, 'inRecord']]),
  afterArray: new Map(),
};

const expectations: Readonly<Record<Phase, string>> = {
  beforeArray: 'a JSON array was expected',
  beforeFirst: 'an object or the end of the array was expected',
  inRecord: 'the body ends inside a record',
  afterRecord: 'a comma or the end of the array was expected',
  beforeNext: 'an object was expected as the next element of the array',
  afterArray: 'something follows the end of the array',
};

const blanks: ReadonlySet<number> = new Set([space, lf, cr, tab]);
const byteOrderMark = [0xef, 0xbb, 0xbf];
const lineEnd = Buffer.from('\n');
const nothing = Buffer.alloc(0);
const escapes: ReadonlyMap<number, Buffer> = new Map([
  [lf, Buffer.from('\\n')],
  [cr, Buffer.from('\\r')],
]);

/** The structural meaning of a byte outside strings: a table, as it is looked up for every such byte. */
const meaning = { none: 0, quote: 1, opens: 2, closes: 3, lineBreak: 4 } as const;
const meanings = new Uint8Array(256);
meanings[quote] = meaning.quote;
meanings[openBrace] = meanings[openBracket] = meaning.opens;
meanings[closeBrace] = meanings[closeBracket] = meaning.closes;
meanings[lf] = meanings[cr] = meaning.lineBreak;

/** A splitter for one body. */
export function createRecordSplitter(): RecordSplitter {
  const state: Splitting = {
    phase: 'beforeArray',
    depth: 0,
    inString: false,
    escaped: false,
    records: 0,
    offset: 0,
  };
  return {
    push(chunk) {
      const out: Buffer[] = [];
      // A copy, as commas between records are replaced by line ends in place.
      scan(state, Buffer.from(chunk), out);
      return out.length > 1 ? Buffer.concat(out) : (out[0] ?? nothing);
    },
    end() {
      if (state.phase !== 'afterArray') throw malformed(state);
    },
    get records() {
      return state.records;
    },
  };
}

function scan(state: Splitting, chunk: Buffer, out: Buffer[]): void {
  const start = state.offset;
  for (let at = 0; at < chunk.length;) {
    state.offset = start + at;
    at = state.phase === 'inRecord' ? scanRecord(state, { chunk, at }, out) : between(state, { chunk, at });
  }
  state.offset = start + chunk.length;
}

interface Cursor {
  readonly chunk: Buffer;
  readonly at: number;
}

/** Consumes one byte between records; gives the position after it. */
function between(state: Splitting, { chunk, at }: Cursor): number {
  const byte = chunk[at] ?? space;
  if (blanks.has(byte)) return at + 1;
  if (state.phase === 'beforeArray' && byte === byteOrderMark[state.offset]) return at + 1;
  const next = transitions[state.phase].get(byte);
  if (next === undefined) throw malformed(state);
  state.phase = next;
  // The opening brace belongs to the record, whose scan begins with it.
  return next === 'inRecord' ? at : at + 1;
}

/** Says where, and never quotes the content. */
function malformed({ phase, records, offset }: Splitting): MalformedContentError {
  return new MalformedContentError(`${expectations[phase]} (record ${records + 1}, near byte ${offset})`);
}

/**
 * Scans records with only a comma between them, and emits them as one piece: most bodies are written like that.
 */
function scanRecord(state: Splitting, { chunk, at }: Cursor, out: Buffer[]): number {
  const lineBreaks = chunk.includes(lf) || chunk.includes(cr);
  const scanning = { chunk, lineBreaks, kept: at };
  let end = scanStructure(state, scanning, { from: at, out });
  while (state.depth === 0) {
    state.records++;
    if (!joinNext(chunk, end)) {
      state.phase = 'afterRecord';
      out.push(chunk.subarray(scanning.kept, end), lineEnd);
      return end;
    }
    end = scanStructure(state, scanning, { from: end + 1, out });
  }
  out.push(chunk.subarray(scanning.kept, end));
  return end;
}

/** Replaces the comma at `at` by a line end if the next record begins right after it. */
function joinNext(chunk: Buffer, at: number): boolean {
  if (chunk[at] !== comma || chunk[at + 1] !== openBrace) return false;
  chunk[at] = lf;
  return true;
}

interface Scanning {
  readonly chunk: Buffer;
  /** Whether the chunk has a line break anywhere, in strings or between tokens. */
  readonly lineBreaks: boolean;
  /** Everything before this position has been emitted. */
  kept: number;
}

/** The hot loop: skips strings, where most bytes are, and examines only structural bytes. */
function scanStructure(
  state: Splitting,
  scanning: Scanning,
  { from, out }: { from: number; out: Buffer[] },
): number {
  const { chunk, lineBreaks } = scanning;
  let { depth } = state;
  let at = from;
  while (at < chunk.length) {
    if (state.inString) {
      const end = leaveString(state, chunk, at);
      if (lineBreaks) scanning.kept = escapeBreaks(chunk, { kept: scanning.kept, from: at, to: end }, out);
      at = end;
      continue;
    }
    const means = meanings[chunk[at++] ?? space];
    if (means === meaning.none) continue;
    if (means === meaning.quote) state.inString = true;
    else if (means === meaning.opens) depth++;
    else if (means === meaning.lineBreak)
      scanning.kept = cut(chunk, { kept: scanning.kept, at: at - 1 }, out);
    else if (--depth === 0) break;
  }
  state.depth = depth;
  return at;
}

/** The index after the closing quote, or the chunk's end when the string continues in the next one. */
function leaveString(state: Splitting, chunk: Buffer, from: number): number {
  const near = state.escaped ? -1 : chunk.indexOf(quote, from);
  // Most strings end at the next quote, with no backslash before it.
  if (near > from && chunk[near - 1] !== backslash) {
    state.inString = false;
    return near + 1;
  }
  return leaveEscapedString(state, chunk, from);
}

function leaveEscapedString(state: Splitting, chunk: Buffer, from: number): number {
  const start = state.escaped ? from + 1 : from;
  state.escaped = false;
  for (let at = start; ;) {
    const end = chunk.indexOf(quote, at);
    const odd = oddBackslashesBefore(chunk, start, end === -1 ? chunk.length : end);
    if (end === -1) {
      state.escaped = odd;
      return chunk.length;
    }
    at = end + 1;
    if (!odd) {
      state.inString = false;
      return at;
    }
  }
}

function oddBackslashesBefore(chunk: Buffer, start: number, end: number): boolean {
  let at = end;
  while (at > start && chunk[at - 1] === backslash) at--;
  return (end - at) % 2 === 1;
}

/** Emits what precedes `at`, drops the byte there, and gives the position after it. */
function cut(chunk: Buffer, { kept, at }: { kept: number; at: number }, out: Buffer[]): number {
  out.push(chunk.subarray(kept, at));
  return at + 1;
}

function escapeBreaks(
  chunk: Buffer,
  span: { kept: number; from: number; to: number },
  out: Buffer[],
): number {
  let { kept } = span;
  for (let at = span.from; at < span.to; at++) {
    const escape = escapes.get(chunk[at] ?? space);
    if (escape === undefined) continue;
    kept = cut(chunk, { kept, at }, out);
    out.push(escape);
  }
  return kept;
}
