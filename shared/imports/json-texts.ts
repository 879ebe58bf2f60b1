/** The JSON objects of a file: one per line, in an array, or in the list `value` of one object. */
import { StringDecoder } from 'node:string_decoder';
import { MalformedContentError } from '../errors.ts';
import { isObject, parseJson } from '../json.ts';
import { createRecordSplitter } from '../landing/split-records.ts';
import { UnreadableFileError } from './errors.ts';

/** One object, and where it is. */
export interface PlacedText {
  readonly value: string;
  readonly place: string;
}

/** Held of a file that is one object; the largest page that Graph gives is far smaller. */
const maxDocumentCharacters = 64 * 1024 * 1024;

/**
 * @param text begins with `first`, after blanks
 * @throws UnreadableFileError when the file is not JSON, or is one object of more than 64 MiB
 */
export function jsonTexts(text: AsyncIterable<string>, first: '{' | '['): AsyncGenerator<PlacedText> {
  return first === '[' ? arrayElements(text) : objects(text);
}

async function* arrayElements(text: AsyncIterable<string>): AsyncGenerator<PlacedText> {
  for await (const { value, line } of linesOf(elements(text))) yield { value, place: `element ${line}` };
}

/** If the first line is an object, each line is one. */
async function* objects(text: AsyncIterable<string>): AsyncGenerator<PlacedText> {
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

async function* filledLines(text: AsyncIterable<string>): AsyncGenerator<Line> {
  for await (const line of linesOf(text)) if (line.value.trim() !== '') yield line;
}

/** The elements of an array, one per line, exactly as they are. */
async function* elements(text: AsyncIterable<string>): AsyncGenerator<string> {
  const splitter = createRecordSplitter();
  const decoder = new StringDecoder();
  try {
    for await (const chunk of text) yield decoder.write(splitter.push(Buffer.from(chunk)));
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

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Line> {
  let held: string[] = [];
  let line = 0;
  const take = (end: string): Line => {
    const value = [...held, end].join('').replace(/\r$/, '');
    held = [];
    return { value, line: ++line };
  };
  for await (const chunk of text) {
    const parts = chunk.split('\n');
    for (const part of parts.slice(0, -1)) yield take(part);
    held.push(parts.at(-1) ?? '');
  }
  if (held.some((part) => part !== '')) yield take('');
}

async function readDocument(first: string, lines: AsyncIterable<Line>): Promise<unknown> {
  const held = [first];
  let characters = first.length;
  for await (const { value } of lines) {
    held.push(value);
    characters += value.length + 1;
    if (characters > maxDocumentCharacters) {
      throw new UnreadableFileError('is one JSON object of more than 64 MiB: write one record per line');
    }
  }
  return parseJson(held.join('\n'));
}

/** The elements of the list `value`, or the object itself. */
function* objectsOf(document: unknown): Generator<PlacedText> {
  if (!isObject(document)) throw new UnreadableFileError('line 1: this is not a single JSON object');
  const { value } = document;
  const list: readonly unknown[] = Array.isArray(value) ? value : [document];
  for (const [at, one] of list.entries()) yield { value: JSON.stringify(one), place: `element ${at + 1}` };
}
