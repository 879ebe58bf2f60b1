/** The match columns of the rows of a block: the distinct values of each, and which of them a row has. */
import { matchColumns, type MatchColumn, type MatchValue, type MatchValues } from '../match-columns.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** With about as many values as records, they would take a third of a row. Rows are not filtered by them. */
const omittedColumns: ReadonlySet<MatchColumn> = new Set(['b', 'i']);
const storedColumns = matchColumns.filter((column) => !omittedColumns.has(column));

const kinds = { number: 0, hash: 1 } as const;

/** Whether rows of a segment can be filtered by the column. */
export function isStoredColumn(column: MatchColumn): boolean {
  return !omittedColumns.has(column);
}

export function writeMatches(writer: ByteWriter, matches: readonly MatchValues[]): void {
  const present = storedColumns.filter((column) => matches.some((match) => match[column] !== undefined));
  writer.number(present.length);
  for (const column of present) {
    writer.text(column);
    const values = [...new Set(matches.flatMap((match) => match[column] ?? []))];
    writer.number(values.length);
    for (const value of values) writeValue(writer, value);
    const places = new Map(values.map((value, at) => [value, at + 1]));
    for (const match of matches) writer.number(placeOf(match[column], places));
  }
}

export function readMatches(reader: ByteReader, count: number): readonly MatchValues[] {
  const matches = Array.from({ length: count }, (): Partial<Record<MatchColumn, MatchValue>> => ({}));
  for (let left = reader.number(); left > 0; left--) {
    const letter = reader.text();
    const column = matchColumns.find((one) => one === letter);
    const values = Array.from({ length: reader.number() }, () => readValue(reader));
    for (const match of matches) {
      const value = values[reader.number() - 1];
      if (value !== undefined && column !== undefined) match[column] = value;
    }
  }
  return matches;
}

/** 0: the row does not have the column. */
function placeOf(value: MatchValue | undefined, places: ReadonlyMap<MatchValue, number>): number {
  return value === undefined ? 0 : (places.get(value) ?? 0);
}

function writeValue(writer: ByteWriter, value: MatchValue): void {
  if (typeof value === 'number') {
    writer.number(kinds.number);
    writer.signed(value);
  } else {
    writer.number(kinds.hash);
    writer.int64(value);
  }
}

function readValue(reader: ByteReader): MatchValue {
  return reader.number() === kinds.number ? reader.signed() : reader.int64();
}
