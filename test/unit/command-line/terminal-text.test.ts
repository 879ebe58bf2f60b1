import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawTable,
  toSafeJson,
  toSafeLine,
  toSafeLines,
} from '../../../scripts/command-line/terminal-text.ts';

const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Whatever a name may hold, often of the kind that does harm. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u001b', '[2J', '\u009b', '\r', '\n', '\t', '\u202e', '\ud800', 'a', ' '),
  }),
);

describe('text for a terminal', () => {
  it('loses control sequences and keeps readable text', () => {
    expect(toSafeLine('\u001b[31mred\u001b[0m\u0007')).toBe('[31mred[0m');
    expect(toSafeLine('title\u001b]0;gone\u0007\u009b2J')).toBe('title]0;gone2J');
    expect(toSafeLine('a\r\nb\tc\u2028d')).toBe('a b c d');
    expect(toSafeLine('exe\u202efdp.invoice')).toBe('exefdp.invoice');
    expect(toSafeLine('Größe, Øst, 東京, 🏢')).toBe('Größe, Øst, 東京, 🏢');
    expect(toSafeLines('one\r\ntwo\u001b[A')).toEqual(['one', 'two[A']);
  });

  it('is one line without control sequences, whatever the input', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toSafeLine(text)).not.toMatch(obeyed);
      }),
    );
  });

  it('as JSON has the same content and no control sequences, whatever the input', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, fc.oneof(anyText, fc.array(anyText))), (value) => {
        const text = toSafeJson(value);
        expect(text.replaceAll('\n', '')).not.toMatch(obeyed);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a table', () => {
  it('keeps its lines whatever its cells contain', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const lines = drawTable(['A', 'B'], [[one, [other, one]]]).split('\n');
        expect(lines.join('')).not.toMatch(obeyed);
        for (const line of lines) expect(line).toMatch(/^[┌│├└].*[┐│┤┘]$/u);
      }),
    );
  });

  it('breaks long sentences between words, and never inside an address', () => {
    const address = `https://login.example/${'x'.repeat(100)}`;
    const drawn = drawTable(['Text'], [[`${'word '.repeat(30)}${address}`]]);
    const cells = drawn.split('\n').slice(3, -1);
    expect(cells.map((line) => line.replaceAll('│', '').trim())).toEqual([
      'word '.repeat(14).trim(),
      'word '.repeat(14).trim(),
      'word word',
      address,
    ]);
  });
});
