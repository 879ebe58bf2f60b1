/** No cell is a formula, and a parser gets back what was written. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, neutralized, neutralizedJson } from '../../../shared/exports/csv-cells.ts';

/** What an independent parser makes of lines. */
function parsed(lines: string): readonly (readonly string[])[] {
  return parse(lines, { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true });
}

describe('a cell that a spreadsheet would calculate gets an apostrophe', () => {
  it.each([
    ...['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx'],
    ...['=cmd|"/c calc"!A0', '=HYPERLINK("https://192.0.2.1/","x")', '-2+3+cmd|" /C calc"!D2'],
    ...[' =1', '   =1', '"=1', "'=1", '" =1"', '\u00a0=1', '\u200b=1', '\ufeff=1', '\u0000=1', '`=1'],
    ...['＝1', '＋1', '－1', '＠x', "'\tx", '" \r', '=', '-', '+', '@'],
  ])('%j', (text) => {
    expect(neutralized(text)).toBe(`'${text}`);
  });

  it.each([
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n=1', "'\n'=1"],
    ['a;=1', "a;'=1"],
    ['a; +1', "a;' +1"],
    ['a\t@x', "a\t'@x"],
    ['a\n-1', "a\n'-1"],
    ['a;"=1', 'a;\'"=1'],
    ['a;;\u200b＝1;b', "a;';'\u200b＝1;b"],
    ['=a;=b', "'=a;'=b"],
  ])('also after a separator: %j', (text, safe) => {
    expect(neutralized(text)).toBe(safe);
  });

  it.each([
    ...['a; b', 'a;b=1', 'a\tb', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'],
    ...['', 'x', '1', 'a=b', 'ada@contoso.example', 'SharePoint-File', "o'brien", '"quoted"', ' x', '…'],
    ...['{"Id":"=1"}', '{"a":"\\t=1"}', '[=1]', 'https://contoso.example/?a=-1', '2026-03-01T09:00:00Z'],
  ])('and %j is unchanged', (text) => {
    expect(neutralized(text)).toBe(text);
  });

  it('which can be removed again, whatever the text', () => {
    const word = fc.constantFrom("'", '"', ' ', '\t', '\r', '\n', '=', '+', '-', '@', 'a', '\u200b', '`');
    const restored = (text: string) =>
      text.replaceAll(/[;\s\p{C}"'`]+[=+\-@＝＋－＠]?|^(?=[=+\-@＝＋－＠])/gu, (all, at: number) => {
        if (!/[=+\-@＝＋－＠]$/u.test(all))
          return at === 0 && neutralized(all.slice(1)) === all ? all.slice(1) : all;
        return all.replaceAll(/(^|[;\t\r\n])'/g, (one, before: string, place: number) =>
          place > 0 || before !== '' || at === 0 ? before : one,
        );
      });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: word }), fc.string({ unit: 'binary' })), (text) => {
        expect(restored(neutralized(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

/** As a spreadsheet splits a line by one separator, whatever the quotes. */
const isFormula = (cell: string) => /^[\s\p{C}"`]*[=+\-@＝＋－＠]/u.test(cell);

describe('no part of a line is a formula', () => {
  const word = fc.constantFrom(
    "'",
    '"',
    ' ',
    '\t',
    '\n',
    '=',
    '+',
    '-',
    '@',
    'a',
    '\u200b',
    '`',
    ';',
    ',',
    '＝',
  );
  const text = fc.string({ unit: word });

  it.each([';', '\t'])('where %j separates cells', (separator) => {
    fc.assert(
      fc.property(text, (cell) => {
        const parts = csvLine(['x', cell])
          .split(/\r\n|[\r\n]/)
          .flatMap((line) => line.split(separator));
        expect(parts.filter(isFormula)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('of JSON either, which keeps its meaning, and its bytes where nothing is one', () => {
    fc.assert(
      fc.property(
        fc.dictionary(text, fc.oneof(text, fc.integer())),
        fc.constantFrom(0, 1, '\t'),
        (members, indent) => {
          const json = JSON.stringify(members, undefined, indent);
          const safe = neutralizedJson(json);
          expect(JSON.parse(safe)).toEqual(members);
          if (neutralized(json) === json) expect(safe).toBe(json);
          expect(safe.split(';').slice(1).filter(isFormula)).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a":"x;=cmd()"}', '{"a":"x;\\u003dcmd()"}'],
    ['{"a":"x; @y","b":1e400}', '{"a":"x; \\u0040y","b":1e400}'],
    ['{\n "@odata.type": -1}', '{\n "\\u0040odata.type": -1}'],
    ['{"a":"=1","b":"x;y"}', '{"a":"=1","b":"x;y"}'],
    ['{"a":"x;=1"', '{"a":"x;\'=1"'],
  ])('as in %j', (json, safe) => {
    expect(neutralizedJson(json)).toBe(safe);
  });

  it('in time that grows with the text', () => {
    const long = '\n'.repeat(1_000_000);
    expect(neutralized(`x${long}`) === `x${long}`).toBe(true);
    const json = neutralizedJson(JSON.stringify({ a: `${';'.repeat(1_000_000)}x`, b: ';=' }));
    expect(json.endsWith('";\\u003d"}')).toBe(true);
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
