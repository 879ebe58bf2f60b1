/** What documents show of texts: never another text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, isShownAsIs, shownText } from '../../../shared/pdf/characters.ts';
import { wrap } from '../../../shared/pdf/fonts.ts';

describe('a text in a document', () => {
  it.each([
    ['Contoso Ltd. (Zürich) – 10 €', 'Contoso Ltd. (Zürich) – 10 €'],
    ['日本', '<U+65E5><U+672C>'],
    ['😀', '<U+1F600>'],
    ['a\u202Eb\u0000c\n', 'a<U+202E>b<U+0000>c<U+000A>'],
    ['no\u00A0break\u00ADhere\u0081', 'no<U+00A0>break<U+00AD>here<U+0081>'],
    ['<U+65E5>', '<U+003C>U+65E5>'],
    ['\uD800', '<U+D800>'],
  ])('%j is shown as %s', (text, shown) => {
    expect(shownText(text)).toBe(shown);
    expect(isShownAsIs(text)).toBe(text === shown);
  });

  it('says what is left out when it is longer than it may be', () => {
    expect(shownText('日本語', 16)).toBe('<U+65E5><U+672C>… (1 more characters)');
    expect(shownText('abc', 3)).toBe('abc');
  });

  it('can be read back, whatever it is', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...Array.from('<U+0065E>é日')) }),
    );
    const readBack = (shown: string) =>
      shown.replaceAll(/<U\+([0-9A-F]{4,6})>/g, (_, code: string) =>
        String.fromCodePoint(Number.parseInt(code, 16)),
      );
    fc.assert(
      fc.property(any, (text) => {
        const shown = shownText(text);
        expect(readBack(shown)).toBe(text);
        expect(bytesOf(shown)).toHaveLength(shown.length);
      }),
    );
  });
});

describe('lines', () => {
  const style = { font: 'text', size: 9 } as const;

  it('joined are the text, with nothing added where a word is broken', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 20, max: 400 }), (text, width) => {
        const shown = shownText(text);
        expect(wrap(shown, width, style).join('')).toBe(shown);
      }),
    );
  });

  it('end after a space where they can', () => {
    expect(wrap('one two three', 30, style)).toEqual(['one ', 'two ', 'three']);
    expect(wrap('abcdefabcdef', 30, { font: 'code', size: 10 })).toEqual(['abcde', 'fabcd', 'ef']);
  });

  it('of the typewriter font have room for a SHA-256 next to its label', () => {
    expect(wrap('a'.repeat(64), 347, { font: 'code', size: 8 })).toHaveLength(1);
  });
});
