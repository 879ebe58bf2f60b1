/** Bounds the texts of reports. */
import { maxTextCharacters } from './document.ts';

/**
 * A text of at most {@link maxTextCharacters}. What is longer ends with how long it was; no surrogate pair is split. The same
 * again changes nothing, so that a collector may cut what it remembers, and the frame cuts everything.
 */
export function cutText(text: string): string {
  if (text.length <= maxTextCharacters) return text;
  const note = ` … (cut; ${text.length} characters in all)`;
  const kept = text.slice(0, maxTextCharacters - note.length);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}${note}`;
}
