/** The word list finds the phrases it was made for, and passes over good English that resembles them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPhrases, readPhrases } from '../../../scripts/check-wording/phrases.ts';

const phrases = readPhrases(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'wording.md'), 'utf8'),
);

describe('the word list', () => {
  it.each([
    'Deletes rows whose time is over',
    'what is waited for',
    'what can never be had',
    'Whoever signs chooses ids',
    "must not stand in another one's way",
    'Something failed here. Try again',
    'tell us the x-ms-request-id',
    'tenantId: is no tenant id.',
    'purge: send true or false.',
    'You may not do that',
    'look what came of it',
    'The webhook is not signed as agreed',
    'The keys could not be had',
    'Mend the app registration',
    'It is tried again by itself',
    'if it stays: open a ticket',
    'from may be 366 days before to at most',
    'The search is not as it was',
    'The export came no further',
    'SHA-256 is not to be had',
    'it is told of 30 days before',
    'Takes a tenant into care',
    'DELETE lets it go',
    'This run is not the one that counts any more',
    'not used like this',
    'There is news',
    'the message stands by',
    'The old one signs, too, until then',
    'addresses in any clothes',
    'Whoever is woken',
    '**Else.** A second table',
    'Handed on anew',
    'Nobody waits',
    'how auditing stands',
    'a page goes on',
    'the organisation is normalised',
    'licences, behaviours and colours',
    'was cancelled',
  ])('finds: %s', (text) => {
    expect(findPhrases(text, phrases)).not.toEqual([]);
  });

  it.each([
    'There is no such tenant, and the lease is no longer held.',
    'NDJSON stands for newline-delimited JSON.',
    'Otherwise the page otherwise promises precise exercise advice.',
    'if (a) return b; else return c;',
    'He went on to send the rest.',
    'Recommend an amendment; a parameter of the perimeter.',
    'Look at the workbook.',
    'Cancellation of a canceled export',
  ])('ignores: %s', (text) => {
    expect(findPhrases(text, phrases)).toEqual([]);
  });

  it('finds a phrase across a line break inside a comment, and names its first line', () => {
    const text = ['/**', ' * Rows whose time', ' * is over.', ' */'].join('\n');
    expect(findPhrases(text, phrases)).toEqual([
      { line: 2, found: 'time * is over', better: 'expired, due' },
    ]);
  });

  it('is refused when it is empty', () => {
    expect(() => readPhrases('# Wording\n')).toThrow(/no phrases/);
  });
});
