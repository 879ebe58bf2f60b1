/** Wildcards, networks and free text against plain models of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordText, foldCase, holdsText } from '../../../shared/query/matching/free-text.ts';
import { addressesOf, createNetworkMatcher, parseNetwork } from '../../../shared/records/networks.ts';
import { normalize } from '../../../shared/records/normalize.ts';
import { createWildcardMatcher } from '../../../shared/query/matching/wildcard.ts';
import { costGrowth, linearGrowth } from '../../support/cost-growth.ts';

/** The plainest meaning of a wildcard: try every length. */
function matchesPlainly(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  const [first, rest] = [pattern.slice(0, 1), pattern.slice(1)];
  if (first !== '*') return value.startsWith(first) && matchesPlainly(rest, value.slice(1));
  return Array.from({ length: value.length + 1 }, (_, at) => at).some((at) =>
    matchesPlainly(rest, value.slice(at)),
  );
}

describe('a wildcard', () => {
  it('means any characters or none, at any position', () => {
    const letters = (all: readonly string[]) =>
      fc.array(fc.constantFrom(...all), { maxLength: 8 }).map((some) => some.join(''));
    fc.assert(
      fc.property(letters(['a', 'b', '*']), letters(['a', 'b']), (pattern, value) => {
        expect(createWildcardMatcher(pattern)(normalize.text(value))).toBe(matchesPlainly(pattern, value));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['https://contoso.example/*', 'HTTPS://contoso.example/a', true],
    ['*.DOCX', 'https://contoso.example/plan.docx', true],
    ['*/sites/*/plan*', 'https://contoso.example/sites/x/plan.docx', true],
    ['[a].(b)*', 'xay(b)', false],
    ['\\d*', '\\d+', true],
  ])('matches everything else literally: %s of %s is %s', (pattern, value, wanted) => {
    expect(createWildcardMatcher(pattern)(normalize.text(value))).toBe(wanted);
  });

  it('takes no longer with many of them', () => {
    const growth = costGrowth(1000, (stars) => {
      expect(createWildcardMatcher('*a'.repeat(stars) + 'b')('a'.repeat(2000))).toBe(false);
    });
    expect(growth).toBeLessThan(linearGrowth);
  });
});

describe('a network', () => {
  const bytes = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
  const numberOf = (parts: readonly number[]) => parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);

  it('of IPv4 contains the addresses with its prefix', () => {
    fc.assert(
      fc.property(bytes, fc.nat(32), bytes, fc.boolean(), (network, prefix, other, near) => {
        const address = near ? [...network.slice(0, 3), other[3] ?? 0] : other;
        const parsed = parseNetwork(`${network.join('.')}/${prefix}`);
        const shift = BigInt(32 - prefix);
        const wanted = numberOf(network) >> shift === numberOf(address) >> shift;
        expect(parsed && createNetworkMatcher([parsed])(address.join('.'))).toBe(wanted);
        const all = parsed && addressesOf(parsed, 32);
        if (all !== undefined) expect(all.includes(address.join('.'))).toBe(wanted);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8::8000/113', '2001:db8::7fff', false],
    ['2001:db8::/128', '2001:db8::', true],
    ['::/0', '2001:db8::', true],
    ['0.0.0.0/0', '2001:db8::', false],
    ['::/0', '192.0.2.1', false],
    ['::ffff:192.0.2.0/120', '192.0.2.77', true],
    ['192.0.2.0/24', 'host.contoso.example', false],
  ])('%s contains %s: %s', (network, address, wanted) => {
    const parsed = parseNetwork(network);
    expect(parsed && createNetworkMatcher([parsed])(address)).toBe(wanted);
  });

  it('of one address is that address, also in IPv6', () => {
    const addresses = ['2001:db8::1/128', '192.0.2.1/32', '::ffff:192.0.2.1/128', '2001:db8::/127'].map(
      (text) => {
        const parsed = parseNetwork(text);
        return parsed && addressesOf(parsed, 32);
      },
    );
    expect(addresses).toEqual([['2001:db8::1'], ['192.0.2.1'], ['::ffff:192.0.2.1'], undefined]);
  });

  it.each(['192.0.2.0/33', '192.0.2/24', '2001:db8::/129', '192.0.2.0/', '/24', 'host/24', '192.0.2.0/+4'])(
    'is not %s',
    (text) => {
      expect(parseNetwork(text)).toBeUndefined();
    },
  );
});

describe('free text', () => {
  /** Every name and value, and the text itself. */
  function allTexts(value: unknown): readonly string[] {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, member]) => [name, ...allTexts(member)]);
  }
  const word = fc.constantFrom('plan', 'PLAN', 'C:\\x', 'a"b', 'é', 'e\u0301', '/', '\n', '1', 'İ', '😀');
  const said = fc.array(word, { maxLength: 3 }).map((words) => words.join(''));

  it('is found in the record as delivered, or in any of its names and values', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        said,
        fc.nat(20),
        fc.array(tie('value')),
        fc.dictionary(said, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.dictionary(said, value),
        fc.tuple(word, word),
        fc.boolean(),
        (record, words, escapes) => {
          const wanted = words.join('').slice(0, 3);
          const json = JSON.stringify(record);
          const delivered = escapes ? json.replaceAll('/', '\\/') : json;
          const plain = [delivered, ...allTexts(record)].some((one) =>
            foldCase(one).includes(foldCase(wanted)),
          );
          const text = createRecordText(Buffer.from(delivered));
          expect(holdsText(text, foldCase(wanted))).toBe(plain);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['"\\', '\\"', '\\', '"a\\n"', '"'])(
    'is decided in time, however often a text repeats %s',
    (piece) => {
      const growth = costGrowth(200_000, (times) => {
        expect(holdsText(createRecordText(Buffer.from(piece.repeat(times))), 'none')).toBe(false);
      });
      expect(growth).toBeLessThan(linearGrowth);
    },
  );

  it('is decided in time, however many of its values have escapes', () => {
    const growth = costGrowth(8000, (values) => {
      const paths = Array.from({ length: values }, (_, at) => `C:\\${at}`);
      expect(holdsText(createRecordText(Buffer.from(JSON.stringify(paths))), 'none')).toBe(false);
    });
    expect(growth).toBeLessThan(linearGrowth);
  });

  it('also searches text that is not JSON', () => {
    const text = createRecordText(Buffer.from('{"half": \\ of a record'));
    expect(holdsText(text, 'half')).toBe(true);
    expect(holdsText(text, 'whole')).toBe(false);
  });
});
