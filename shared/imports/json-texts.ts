/** The JSON objects of a file: one per line, in an array, or in the list `value` of one object. */
import { MalformedContentError } from '../errors.ts';
import { splitLines } from '../index/read-lines.ts';
import { isObject, parseJson } from '../json.ts';
import { createRecordSplitter } from '../landing/split-records.ts';
import { UnreadableFileError } from './errors.ts';

/** One object, and where it is. */
export interface PlacedText {
  readonly value: string;
  readonly place: string;
}

/** Held of one object; the largest page that Graph gives is far smaller. */
const maxObjectBytes = 64 * 1024 * 1024;

/**
 * @param text begins with `first`, after blanks
 * @throws UnreadableFileError when the file is not JSON, or has an object of more than 64 MiB
 */
export function jsonTexts(text: AsyncIterable<string>, first: '{' | '['): AsyncGenerator<PlacedText> {
  const bytes = encoded(text);
  return first === '[' ? arrayElements(bytes) : objects(bytes);
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const chunk of text) yield Buffer.from(chunk);
}

async function* arrayElements(text: AsyncIterable<Buffer>): AsyncGenerator<PlacedText> {
  for await (const { value, line } of linesOf(elements(text))) yield { value, place: `element ${line}` };
}

/** If the first line is an object, each line is one. */
async function* objects(text: AsyncIterable<Buffer>): AsyncGenerator<PlacedText> {
  const lines = filledLines(text);
  const start = await lines.next();
  if (start.done === true) return;
  const object = parseJson(start.value.value);
  if (!isObject(object) || Array.isArray(object['value'])) {
    yield* objectsOf(await readDocument(start.value.value, lines));
    return;
  }
  yield placed(start.value);
  for await (const line of lines) yield placed(line);
}

function placed({ value, line }: Line): PlacedText {
  return { value, place: `line ${line}` };
}

async function* filledLines(text: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  for await (const line of linesOf(text)) if (line.value.trim() !== '') yield line;
}

/** The elements of an array, one per line, exactly as they are. */
async function* elements(text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const splitter = createRecordSplitter();
  try {
    for await (const chunk of text) yield splitter.push(chunk);
    splitter.end();
  } catch (error) {
    if (!(error instanceof MalformedContentError)) throw error;
    throw new UnreadableFileError(`is not a JSON array of objects: ${error.message}`);
  }
}

interface Line {
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

async function* linesOf(text: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  for await (const { bytes, line, truncated } of splitLines(text, maxObjectBytes)) {
    if (truncated) throw tooLarge();
    yield { value: bytes.toString('utf8').replace(/\r$/, ''), line: line + 1 };
  }
}

function tooLarge(): UnreadableFileError {
  return new UnreadableFileError('has an object of more than 64 MiB: write one record per line');
}

async function readDocument(first: string, lines: AsyncIterable<Line>): Promise<unknown> {
  const held = [first];
  let bytes = first.length;
  for await (const { value } of lines) {
    held.push(value);
    bytes += value.length + 1;
    if (bytes > maxObjectBytes) throw tooLarge();
  }
  return parseJson(held.join('\n'));
}

/** The elements of the list `value`, or the object itself. */
function* objectsOf(document: unknown): Generator<PlacedText> {
  if (!isObject(document)) throw new UnreadableFileError('line 1: this is not a single JSON object');
  const { value } = document;
  const list: readonly unknown[] = Array.isArray(value) ? value : [document];
  for (const [at, one] of list.entries()) yield { value: textOf(one), place: `element ${at + 1}` };
}

/** Empty, and so refused as a row, when it is nested too deeply to be written again. */
function textOf(one: unknown): string {
  try {
    return JSON.stringify(one);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return '';
  }
}
