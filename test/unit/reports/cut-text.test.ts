import { describe, expect, it } from 'vitest';
import { cutText } from '../../../shared/reports/cut-text.ts';
import { maxTextCharacters } from '../../../shared/reports/document.ts';

describe('texts of reports', () => {
  it('are unchanged up to the limit', () => {
    const text = 'a'.repeat(maxTextCharacters);
    expect(cutText(text)).toBe(text);
  });

  it('say where they are cut and how long they were, and are not cut further', () => {
    const cut = cutText('é'.repeat(65_536));
    expect(cut).toHaveLength(maxTextCharacters);
    expect(cut).toMatch(/^é{900,} … \(cut; 65536 characters in all\)$/u);
    expect(cutText(cut)).toBe(cut);
  });

  it.each([0, 1])('never split a character of two code units (offset %i)', (offset) => {
    const cut = cutText(`${'a'.repeat(offset)}${'😀'.repeat(2000)}`);
    expect(Buffer.from(cut).toString()).toBe(cut);
  });
});
