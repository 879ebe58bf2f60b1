/** Reads the PDF that is written here, by the table at its end as readers do; it shares no code with what writes it. */
interface Piece {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Row {
  readonly label: string;
  readonly value: string;
}

export interface ReadPdf {
  /** What each page shows, in the order in which it is drawn. */
  readonly pages: readonly (readonly Piece[])[];
  /** Every piece of text in a line of its own. */
  readonly text: string;
  /** Labels and values of rows, with values of several lines joined. */
  readonly rows: readonly Row[];
  readonly attachment: Buffer;
  /** The dictionaries of the catalog, of the information about the document, and of the end of the file. */
  readonly catalog: string;
  readonly info: string;
  readonly trailer: string;
}

/** @throws when an object is not where the table says, or is not what its number is used for */
export function readPdf(pdf: Buffer): ReadPdf {
  const file = pdf.toString('latin1');
  const trailer = firstMatch(file, /trailer\n(.*)\nstartxref/);
  const objects = objectsOf(file);
  const object = (reference: string) => objects.get(Number(reference)) ?? fail(`no object ${reference}`);
  const catalog = object(firstMatch(trailer, /\/Root (\d+) 0 R/));
  const kids = firstMatch(object(firstMatch(catalog, /\/Pages (\d+) 0 R/)), /\/Kids \[(.*?)\]/);
  const pages = [...kids.matchAll(/(\d+) 0 R/g)].map(([, kid = '']) =>
    piecesOf(streamOf(object(firstMatch(object(kid), /\/Contents (\d+) 0 R/)))),
  );
  const specification = object(firstMatch(catalog, /\/EmbeddedFiles << \/Names \[\(.*?\) (\d+) 0 R\]/));
  const attachment = streamOf(object(firstMatch(specification, /\/EF << \/F (\d+) 0 R/)));
  return {
    ...{ pages, catalog, trailer, info: object(firstMatch(trailer, /\/Info (\d+) 0 R/)) },
    text: pages.flatMap((page) => page.map(({ text }) => text)).join('\n'),
    rows: rowsOf(pages.flat()),
    attachment: Buffer.from(attachment, 'latin1'),
  };
}

function fail(what: string): never {
  throw new Error(`The PDF has ${what}.`);
}

function firstMatch(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? fail(`nothing like ${pattern.source}`);
}

function objectsOf(file: string): ReadonlyMap<number, string> {
  const start = Number(firstMatch(file, /startxref\n(\d+)\n%%EOF\n$/));
  const [, size = 0] = firstMatch(file.slice(start), /^xref\n(\d+ \d+)\n/)
    .split(' ')
    .map(Number);
  const table = file.slice(file.indexOf('\n', start + 5) + 1);
  const numbers = Array.from({ length: size - 1 }, (_, at) => at + 1);
  return new Map(numbers.map((number) => [number, objectAt(file, table, number)]));
}

/** Entries have 20 bytes each. */
function objectAt(file: string, table: string, number: number): string {
  const offset = Number(firstMatch(table.slice(number * 20, number * 20 + 20), /^(\d{10}) 00000 n \n$/));
  const head = `${number} 0 obj\n`;
  if (!file.startsWith(head, offset)) fail(`something else where object ${number} should be`);
  const content = file.slice(offset + head.length);
  const [dictionary = ''] = content.split('\nendobj', 1);
  const length = /\/Length (\d+) >>\nstream\n/.exec(dictionary);
  if (length === null) return dictionary;
  return content.slice(0, length.index + length[0].length + Number(length[1]));
}

function streamOf(object: string): string {
  const length = Number(firstMatch(object, /\/Length (\d+) >>\nstream\n/));
  return object.slice(-length);
}

const operator = /^\/\w+ \d+ Tf 1 0 0 1 ([\d.]+) ([\d.]+) Tm \((.*)\) Tj$/;

function piecesOf(content: string): readonly Piece[] {
  const [begin, ...rest] = content.split('\n');
  if (begin !== 'BT' || rest.pop() !== 'ET') fail('a page that is not text');
  return rest.map((line) => {
    const [, x, y, text = ''] = operator.exec(line) ?? fail(`the line ${line}`);
    return { x: Number(x), y: Number(y), text: unescaped(text) };
  });
}

/** Code points of the bytes from 0x80 to 0x9f of WinAnsiEncoding; Node's own decoder of it knows them only in some versions. */
const above7f = (
  '20AC . 201A 0192 201E 2026 2020 2021 02C6 2030 0160 2039 0152 . 017D . ' +
  '. 2018 2019 201C 201D 2022 2013 2014 02DC 2122 0161 203A 0153 . 017E 0178'
).split(' ');

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3}|.)/g, (_, escape: string) => {
    if (escape.length === 1) return escape;
    const byte = Number.parseInt(escape, 8);
    return String.fromCodePoint(Number.parseInt(above7f[byte - 0x80] ?? byte.toString(16), 16));
  });
}

/** Rows begin at the left margin; what is in the second column there or alone below it is their value. */
const [labelX, valueX] = [54, 194];

function rowsOf(pieces: readonly Piece[]): readonly Row[] {
  const rows: { label: string; value: string }[] = [];
  for (const [at, { x, y, text }] of pieces.entries()) {
    const before = pieces[at - 1];
    const last = rows.at(-1);
    if (x !== valueX) continue;
    if (before?.x === labelX && before.y === y) rows.push({ label: before.text, value: text });
    else if (last !== undefined) last.value += text;
  }
  return rows;
}
