/** Rows of the sheets of a workbook that are written later: they are kept compressed, so that each tenant is read once. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';

const pieceCharacters = 64 * 1024;
const pieceSchema = z.array(z.string());

export interface KeptRows {
  add(sheet: string, rows: Iterable<string>): void;
  /** Undefined for a sheet whose rows do not fit. */
  rowsOf(sheet: string): Iterable<string> | undefined;
}

interface SheetRows {
  readonly pieces: Buffer[];
  held: string[];
  characters: number;
}

/** @param mostBytes once the rows need more, those of the largest sheet are dropped */
export function createKeptRows(sheets: readonly string[], mostBytes: number): KeptRows {
  const kept = new Map(sheets.map((name): [string, SheetRows] => [name, begun()]));
  let bytes = 0;
  const dropLargest = () => {
    const sizes = [...kept].map(([name, { pieces }]) => [name, sizeOf(pieces)] as const);
    const [name, size] = sizes.toSorted(([, a], [, b]) => b - a)[0] ?? ['', 0];
    bytes -= size;
    kept.delete(name);
  };
  const compress = (sheet: SheetRows) => {
    const piece = deflateRawSync(JSON.stringify(sheet.held));
    sheet.pieces.push(piece);
    [sheet.held, sheet.characters] = [[], 0];
    bytes += piece.length;
    while (bytes > mostBytes && kept.size > 0) dropLargest();
  };
  return {
    add(name, rows) {
      const sheet = kept.get(name);
      if (sheet === undefined) return;
      for (const row of rows) {
        if (!kept.has(name)) return;
        sheet.held.push(row);
        sheet.characters += row.length;
        if (sheet.characters >= pieceCharacters) compress(sheet);
      }
    },
    rowsOf(name) {
      const sheet = kept.get(name);
      if (sheet !== undefined) compress(sheet);
      return kept.has(name) ? rowsIn(sheet?.pieces ?? []) : undefined;
    },
  };
}

function begun(): SheetRows {
  return { pieces: [], held: [], characters: 0 };
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function* rowsIn(pieces: readonly Buffer[]): Generator<string> {
  for (const piece of pieces) yield* pieceSchema.parse(JSON.parse(inflateRawSync(piece).toString('utf8')));
}
