/** The documents of a YAML file, as plain values whose lines are known. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';
import { SigmaError, type Place } from './sigma-error.ts';

const maxBytes = 64 * 1024;

export interface YamlDocument {
  readonly value: unknown;
  readonly place: Place;
}

/** Aliases are refused, since few lines of them could become any amount of text. @throws SigmaError */
export function parseYaml(text: string): readonly YamlDocument[] {
  if (Buffer.byteLength(text) > maxBytes)
    throw new SigmaError(1, 'the file', `has more than ${maxBytes / 1024} kB`);
  const lines = new LineCounter();
  return documentsIn(text, lines)
    .filter(({ contents }) => contents !== null)
    .map((document) => {
      refuseUnreadable(document, lines);
      const value: unknown = document.toJS({ maxAliasCount: 0 });
      return { value, place: placeIn(document, lines, []) };
    });
}

function documentsIn(text: string, lineCounter: LineCounter): readonly Document[] {
  try {
    const documents: readonly Document[] = parseAllDocuments(text, { lineCounter, prettyErrors: false });
    return documents;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SigmaError(1, 'the file', 'is nested too deeply');
  }
}

function refuseUnreadable(document: Document, lines: LineCounter): void {
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0]);
    // The parser calls itself for each level.
    const isDeep = problem.message.includes('call stack');
    throw new SigmaError(
      line,
      'the file',
      isDeep ? 'is nested too deeply' : `is not valid YAML: ${problem.message}`,
    );
  }
  visit(document, {
    Alias: (_, { source, range }) => {
      throw new SigmaError(lineOf(lines, range?.[0]), `*${source}`, 'is an alias; write its value instead');
    },
  });
}

function lineOf(lines: LineCounter, offset = 0): number {
  return Math.max(1, lines.linePos(offset).line);
}

type Key = string | number;

function placeIn(document: Document, lines: LineCounter, path: readonly Key[]): Place {
  return {
    at: (...keys) => placeIn(document, lines, [...path, ...keys]),
    refused: (what, why) => new SigmaError(lineOf(lines, offsetOf(document, path)), what, why),
  };
}

/** Of the key or element that the path leads to, as far as it leads. */
function offsetOf(document: Document, path: readonly Key[]): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    const found = enter(node, key);
    if (found === undefined) return offset;
    node = found.value;
    offset = startOf(found.named) ?? startOf(node) ?? offset;
  }
  return offset;
}

function enter(node: unknown, key: Key): { readonly named: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) return { named: node.items[Number(key)], value: node.items[Number(key)] };
  if (!isMap(node)) return undefined;
  const pair = node.items.find((one) => String(isScalar(one.key) ? one.key.value : one.key) === String(key));
  return pair && { named: pair.key, value: pair.value };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
