/** No cell is a formula, and a parser gets back what was written. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, neutralized } from '../../../shared/exports/csv-cells.ts';

/** What an independent parser makes of lines. */
function parsed(lines: string): readonly (readonly string[])[] {
  return parse(lines, { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true });
}

describe('a cell that a spreadsheet would calculate gets an apostrophe', () => {
  it.each([
    ...['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\tx', '\rx', '\nx'],
    ...['=cmd|"/c calc"!A0', '=HYPERLINK("https://192.0.2.1/","x")', '-2+3+cmd|" /C calc"!D2'],
    ...[' =1', '   =1', '"=1', "'=1", '" =1"', '\u00a0=1', '\u200b=1', '\ufeff=1', '\u0000=1', '`=1'],
    ...['＝1', '＋1', '－1', '＠x', "'\tx", '" \r', '=', '-', '+', '@'],
  ])('%j', (text) => {
    expect(neutralized(text)).toBe(`'${text}`);
  });

  it.each([
    ...['', 'x', '1', 'a=b', 'ada@contoso.example', 'SharePoint-File', "o'brien", '"quoted"', ' x', '…'],
    ...['{"Id":"=1"}', '{"a":"\\t=1"}', '[=1]', 'https://contoso.example/?a=-1', '2026-03-01T09:00:00Z'],
  ])('and %j is unchanged', (text) => {
    expect(neutralized(text)).toBe(text);
  });

  it('which can be removed again, whatever the text', () => {
    const word = fc.constantFrom("'", '"', ' ', '\t', '\r', '\n', '=', '+', '-', '@', 'a', '\u200b', '`');
    const restored = (text: string) =>
      text.startsWith("'") && neutralized(text.slice(1)) === text ? text.slice(1) : text;
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: word }), fc.string({ unit: 'binary' })), (text) => {
        expect(restored(neutralized(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a line of CSV', () => {
  it('is quoted as in RFC 4180', () => {
    expect(csvLine(['a', 'b,c', 'd"e', 'f\ng', 'h\r\ni', 'j\rk', 7, undefined, ''])).toBe(
      'a,"b,c","d""e","f\ng","h\r\ni","j\rk",7,,\r\n',
    );
  });

  it('is read by another parser as it was written', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ';', '=', "'", ' ', 'a', '\ufeff') }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constant('x'), text, text), { minLength: 1 }), (rows) => {
        const written = rows.map((cells) => csvLine(cells)).join('');
        expect(parsed(written)).toEqual(rows.map((cells) => cells.map(neutralized)));
      }),
      { numRuns: 1000 },
    );
  });
});
