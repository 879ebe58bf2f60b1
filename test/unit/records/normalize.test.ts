/** Which values count as the same when records are filtered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../shared/records/normalize.ts';

describe('a normalized text', () => {
  it.each([
    ['Ada@Contoso.example', 'ada@contoso.EXAMPLE'],
    [' ada ', 'ada'],
    ['Caf\u0065\u0301', 'CAF\u00c9'],
    ['J\u030c', '\u01f0'],
    ['DLPRuleMatch', 'DlpRuleMatch'],
  ])('is the same for %j and %j', (one, other) => {
    expect(normalize.text(one)).toBe(normalize.text(other));
  });

  it.each([
    ['a', 'b'],
    ['a b', 'ab'],
    ['Add member.', 'Add member'],
    ['secrets – management', 'secrets - management'],
  ])('differs for %j and %j', (one, other) => {
    expect(normalize.text(one)).not.toBe(normalize.text(other));
  });

  it('is unchanged when normalized again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normalize.text(normalize.text(text))).toBe(normalize.text(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a normalized address of a site', () => {
  it.each([
    'https://contoso.example/Sites/X',
    'https://contoso.example/sites/x/',
    ' https://contoso.example/sites/x// ',
  ])('has no trailing slash and no capitals: %j', (url) => {
    expect(normalize.url(url)).toBe('https://contoso.example/sites/x');
  });

  it('keeps query and path apart', () => {
    expect(normalize.url('https://contoso.example/a?b=/')).not.toBe(
      normalize.url('https://contoso.example/a'),
    );
  });
});

describe('a normalized client address', () => {
  it('is the bare address, and empty for none', () => {
    expect(normalize.address('[2001:DB8::1]:443')).toBe('2001:db8::1');
    expect(normalize.address(' ')).toBe('');
  });
});

describe('a normalized address', () => {
  it('is the same for every Unicode form of a host name', () => {
    expect(normalize.address('a\u0301.contoso.example')).toBe(
      normalize.address('\u00e1.contoso.example:443'),
    );
  });
});
