/** Bounds the texts of reports. */
import { maxTextCharacters } from './document.ts';

/**
 * A text of at most so many characters, by default {@link maxTextCharacters}. What is longer ends with how long it was; no surrogate pair is split. The same
 * again changes nothing, so that a collector may cut what it remembers, and the frame cuts everything.
 */
export function cutText(text: string, most = maxTextCharacters): string {
  if (text.length <= most) return text;
  const note = ` … (cut; ${text.length} characters in all)`;
  const kept = text.slice(0, most - note.length);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}${note}`;
}
