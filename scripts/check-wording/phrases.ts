/** The phrases of docs/wording.md and where they occur in a text. */

export interface Phrase {
  readonly pattern: RegExp;
  readonly better: string;
}

export interface Finding {
  /** Counted from 1. */
  readonly line: number;
  readonly found: string;
  readonly better: string;
}

/** A sentence continues on the next line, behind a comment marker or a quote mark. */
const gap = String.raw`(?:\s+(?:(?:\*|//|#|>)\s+)?)`;

/** @throws {Error} when the page has no phrases: an empty list would let every text pass. */
export function readPhrases(page: string): readonly Phrase[] {
  const lines = [...page.matchAll(/^```\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  const phrases = lines.map((line) => {
    const [pattern = '', better = ''] = line.split(' => ');
    return { pattern: new RegExp(pattern.replaceAll(' ', gap), 'gimu'), better };
  });
  if (phrases.length === 0) throw new Error('docs/wording.md lists no phrases.');
  return phrases;
}

/** @returns what to reword, in the order of the lines. */
export function findPhrases(text: string, phrases: readonly Phrase[]): readonly Finding[] {
  const findings = phrases.flatMap(({ pattern, better }) =>
    [...text.matchAll(pattern)].map((match) => ({
      line: text.slice(0, match.index).split('\n').length,
      found: match[0].replaceAll(/\s+/g, ' '),
      better,
    })),
  );
  return findings.sort((a, b) => a.line - b.line);
}
