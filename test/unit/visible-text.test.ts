/** What cannot be seen in a text is named, and what belongs to letters and emoji is not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleParts, visibleText, withoutHidden } from '../../shared/visible-text.ts';

const code = (at: number) => `U+${at.toString(16).toUpperCase().padStart(4, '0')}`;

describe('a text', () => {
  it.each([
    ['control characters', [0x00, 0x07, 0x09, 0x0a, 0x1b, 0x7f, 0x85]],
    ['separators of lines', [0x2028, 0x2029]],
    ['what changes a direction', [0x061c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2068, 0x2069]],
    ['what is retired for that', [0x206a, 0x206b, 0x206f]],
    ['spaces without width, and joiners', [0x200b, 0x200c, 0x200d, 0x2060, 0x2064, 0xfeff]],
    ['hyphens that may not be drawn', [0x00ad]],
    ['fillers and blanks', [0x034f, 0x115f, 0x1160, 0x2800, 0x3164, 0xffa0]],
    ['tags', [0xe0001, 0xe0041, 0xe007f]],
    ['selectors of variants', [0x180b, 0xfe00, 0xfe0f, 0xe0100, 0xe01ef]],
    ['annotations', [0xfff9, 0xfffb]],
    ['halves of surrogate pairs', [0xd800, 0xdfff]],
  ])('names %s', (_, points) => {
    for (const point of points) {
      const text = String.fromCodePoint(point);
      expect(visibleText(`a${text}b`)).toBe(`a<${code(point)}>b`);
      expect(visibleParts(`${text}b`)).toEqual([
        { text: code(point), isCode: true },
        { text: 'b', isCode: false },
      ]);
    }
  });

  it('keeps letters of all scripts, what joins them, and emoji', () => {
    for (const text of ['Zoë', '你好', 'क्‍ष', 'می‌خواهم', '葛\u{E0100}', '١٢\u0600', 'e\u0301', 'a b\u00A0c'])
      expect(visibleText(text)).toBe(text);
    for (const text of ['👩‍💻', '👩🏽‍🚒', '❤️', '❤️‍🔥', '1️⃣', '👨‍👩‍👧‍👦', '🇳🇱', '🏴‍☠️']) expect(visibleText(text)).toBe(text);
  });

  it('names joiners and selectors where they belong to nothing', () => {
    for (const text of [
      'ad\u200Dmin',
      'ad\u200Cmin',
      '1\uFE0F',
      'a\u{E0100}',
      '👩\u200D',
      '\u200D💻',
      '💻\uFE0F\uFE0F',
    ])
      expect(visibleText(text)).toMatch(/<U\+(200C|200D|FE0F|E0100)>/);
  });

  it('has one name for each run, which says how many there are', () => {
    expect(visibleText(`a${'\u200B'.repeat(65_536)}b`)).toBe('a<U+200B and 65535 more>b');
    expect(visibleText('\u0000\u202E')).toBe('<U+0000 and 1 more>');
    expect(withoutHidden('a\u200B\u200Bb\u00ADc', '?')).toBe('a?b?c');
  });

  it('keeps names isolated that are read from right to left, and only those', () => {
    for (const name of ['שלום', 'a שלום', 'می‌خواهم'])
      expect(visibleText(`x \u2068${name}\u2069 y`)).toBe(`x \u2068${name}\u2069 y`);
    for (const name of ['admin', 'שלום\u202E', '\u2067שלום'])
      expect(visibleText(`x \u2068${name}\u2069 y`)).toContain('<U+2068');
    expect(withoutHidden('\u2068שלום\u2069', '?')).toBe('?שלום?');
  });

  it('is all there, and has nothing left that cannot be seen, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleText(text);
        expect(visibleText(shown)).toBe(shown);
        expect(
          visibleParts(text).reduce((all, part) => all + (part.isCode ? `<${part.text}>` : part.text), ''),
        ).toBe(shown);
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066\u2067]/u);
      }),
    );
  });

  it.each(['\u200D', '👩\u200D', 'क\u200D', 'a\u00AD', '\u{E0041}', '\u2068', '\u2068א', 'א\u2069', 'א'])(
    'is searched in time that is linear in its length: %j again and again',
    (piece) => {
      expect(visibleText(piece.repeat(200_000))).not.toBe('');
    },
  );
});
