/** Makes visible in a text what could mislead its reader. */

/** Controls, what changes the direction of text, and what takes no room: a name could pretend to be another with them. */
const misleading = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/** Parts of a text; those that are `isCode` name a character that would not be seen, as U+202E. */
export interface TextPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** The whole text in its order. */
export function visibleParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(misleading)) {
    if (index > end) parts.push({ text: text.slice(end, index), isCode: false });
    parts.push({ text: codeOf(found), isCode: true });
    end = index + found.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isCode: false });
  return parts;
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** At most as many characters, never half of one. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
