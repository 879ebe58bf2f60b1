/** Finds the whole records in the body of a content blob that is not an array of objects throughout. */
import { isObject, parseJson } from '../json.ts';
import { createRecordSplitter } from './split-records.ts';

/**
 * Takes a body chunk by chunk and gives NDJSON, like the splitter; what is not a record is skipped and counted. Only a
 * whole JSON object that is an element of the array, and has members that every audit record has, is a record: a part
 * of a damaged one never is. Holds one record in memory, up to 16 MiB.
 */
export interface RecordSalvager {
  /** The records that end in this chunk. */
  push(chunk: Buffer): Buffer;
  /** Counts how the body ends. Call once, after the last chunk. */
  end(): void;
  readonly records: number;
  /** Pieces that are not records, and commas and brackets that are missing or superfluous. */
  readonly faults: number;
  /** Position of the first fault in the body; 0 if there is none. */
  readonly faultAt: number;
}

/** What precedes the next value: `piece`: something that is not a record; `tail`: something after the array. */
type Before = 'body' | 'array' | 'comma' | 'record' | 'piece' | 'colon' | 'end' | 'tail';

/** A value that has begun. */
interface Value {
  readonly start: number;
  /** Undefined if it cannot be a record: it is skipped. */
  held: Buffer[] | undefined;
  heldBytes: number;
  depth: number;
}

interface Salvaging {
  before: Before;
  value: Value | undefined;
  inString: boolean;
  escaped: boolean;
  /** Bytes of the body before the current chunk. */
  offset: number;
  records: number;
  faults: number;
  faultAt: number;
}

/** Longer records of such a body are not read. */
const maxRecordBytes = 16 * 1024 * 1024;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const blanks: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09]);
const byteOrderMark = [0xef, 0xbb, 0xbf];
const nothing = Buffer.alloc(0);

/** A salvager for one body. */
export function createRecordSalvager(): RecordSalvager {
  const state: Salvaging = {
    before: 'body',
    value: undefined,
    inString: false,
    escaped: false,
    offset: 0,
    records: 0,
    faults: 0,
    faultAt: 0,
  };
  return {
    push: (chunk) => scan(state, chunk),
    end: () => {
      endBody(state);
    },
    get records() {
      return state.records;
    },
    get faults() {
      return state.faults;
    },
    get faultAt() {
      return state.faultAt;
    },
  };
}

function scan(state: Salvaging, chunk: Buffer): Buffer {
  const out: Buffer[] = [];
  for (let at = 0; at < chunk.length;) {
    if (state.value === undefined) at = between(state, chunk, at);
    if (state.value === undefined) continue;
    const end = scanValue(state, state.value, { chunk, at });
    hold(state.value, chunk.subarray(at, end));
    if (isAtEnd(state, state.value)) out.push(finish(state, state.value));
    at = end;
  }
  state.offset += chunk.length;
  return out.length === 0 ? nothing : Buffer.concat(out);
}

/** Reads one byte between values; gives the position after it, or that of the value that it begins. */
function between(state: Salvaging, chunk: Buffer, at: number): number {
  const byte = chunk[at] ?? 0;
  const position = state.offset + at;
  if (blanks.has(byte) || (state.before === 'body' && byte === byteOrderMark[position])) return at + 1;
  if (isOutside(state)) {
    atEdge(state, byte, position);
    return at + 1;
  }
  if (beginsValue.has(byte)) {
    const mayBeRecord = byte === openBrace && state.before !== 'colon';
    state.value = { start: position, held: mayBeRecord ? [] : undefined, heldBytes: 0, depth: 0 };
    return at;
  }
  separate(state, byte, position);
  return at + 1;
}

const beginsValue: ReadonlySet<number> = new Set([openBrace, openBracket, quote]);

/** Before the array, or after it. */
function isOutside({ before }: Salvaging): boolean {
  return before === 'body' || before === 'end' || before === 'tail';
}

function atEdge(state: Salvaging, byte: number, position: number): void {
  if (state.before === 'body' && byte === openBracket) {
    state.before = 'array';
    return;
  }
  if (state.before !== 'tail') fault(state, position);
  state.before = 'tail';
}

function separate(state: Salvaging, byte: number, position: number): void {
  const { before } = state;
  if (byte === comma) {
    if (before === 'array' || before === 'comma') fault(state, position);
    state.before = 'comma';
  } else if (byte === closeBracket) {
    if (before === 'comma') fault(state, position);
    state.before = 'end';
  } else {
    addPiece(state, position);
    state.before = byte === colon ? 'colon' : 'piece';
  }
}

/** Pieces without a comma between them count as one. */
function addPiece(state: Salvaging, position: number): void {
  if (state.before !== 'piece' && state.before !== 'colon') fault(state, position);
}

function fault(state: Salvaging, position: number): void {
  if (state.faults === 0) state.faultAt = position;
  state.faults++;
}

interface Cursor {
  readonly chunk: Buffer;
  readonly at: number;
}

/** The position after the value, or the end of the chunk. */
function scanValue(state: Salvaging, value: Value, { chunk, at: from }: Cursor): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at];
    if (state.escaped) state.escaped = false;
    else if (state.inString && byte === backslash) state.escaped = true;
    else if (byte === quote) state.inString = !state.inString;
    else if (!state.inString) value.depth += nesting(byte);
    if (isAtEnd(state, value)) return at + 1;
  }
  return chunk.length;
}

function nesting(byte: number | undefined): number {
  if (byte === openBrace || byte === openBracket) return 1;
  return byte === closeBrace || byte === closeBracket ? -1 : 0;
}

function isAtEnd({ inString }: Salvaging, { depth }: Value): boolean {
  return !inString && depth === 0;
}

function hold(value: Value, part: Buffer): void {
  value.heldBytes += part.length;
  if (value.heldBytes > maxRecordBytes) value.held = undefined;
  value.held?.push(part);
}

/** The line of the record, or nothing if the value is not one. */
function finish(state: Salvaging, { held, start }: Value): Buffer {
  const line = held && recordLine(Buffer.concat(held));
  state.value = undefined;
  if (line === undefined) {
    addPiece(state, start);
    state.before = 'piece';
    return nothing;
  }
  if (state.before === 'record') fault(state, start);
  state.before = 'record';
  state.records++;
  return line;
}

/** As the splitter writes it. */
function recordLine(text: Buffer): Buffer | undefined {
  const splitter = createRecordSplitter();
  const line = Buffer.concat([openArray, text, closeArray].map((part) => splitter.push(part)));
  return isRecord(parseJson(line.toString('utf8'))) ? line : undefined;
}

const openArray = Buffer.from('[');
const closeArray = Buffer.from(']');

/** Members that every record has in addition to Id; no object within records is known to have Id and one of them. */
const commonMembers = ['CreationTime', 'Operation', 'RecordType'];

function isRecord(value: unknown): boolean {
  return isObject(value) && typeof value['Id'] === 'string' && commonMembers.some((name) => name in value);
}

function endBody(state: Salvaging): void {
  const { before, value, offset } = state;
  if (before === 'end' || before === 'tail') return;
  addPiece(state, value?.start ?? offset);
}
