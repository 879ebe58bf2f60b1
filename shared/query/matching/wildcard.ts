/** Wildcards as Search-UnifiedAuditLog has them: `*` matches any characters, or none. */
import { normalize } from '../../records/normalize.ts';

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*');
}

/**
 * Matches normalized texts. Looks for the pieces from left to right, so its time grows with the length of the text and
 * nothing else.
 */
export function createWildcardMatcher(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = normalize.text(pattern).split('*');
  const last = rest.pop();
  return (text) => {
    if (last === undefined) return text === first;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}
