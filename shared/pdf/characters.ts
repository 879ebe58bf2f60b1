/** Characters that documents can show: those of the code page 1252, which every reader of PDF has fonts for. */

/** Of the bytes from 0x80 to 0x9f; a space where the code page has none. */
const above7f = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** What looks like another character or like none: a space that does not break, and a hyphen that may be invisible. */
const deceptive: ReadonlySet<string> = new Set(['\u00A0', '\u00AD']);

/** The byte of a character that documents show as it is; undefined: they show its code point. */
function byteOf(character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x7f) return code < 0x20 ? undefined : code;
  if (code >= 0xa0 && code <= 0xff) return deceptive.has(character) ? undefined : code;
  const at = above7f.indexOf(character);
  return at < 0 ? undefined : 0x80 + at;
}

/**
 * A text that documents can show: every other character, such as a control character or one of another script, is its code
 * point, `<U+65E5>`. Different texts stay different.
 * @param limit how long it may be; what is longer ends with how many of its characters are left out
 */
export function shownText(text: string, limit = Infinity): string {
  let shown = '';
  const characters = Array.from(text);
  for (const [at, character] of characters.entries()) {
    // What reads like a code point, and is none, must not pass for one.
    const isMistakable = character === '<' && characters[at + 1] === 'U' && characters[at + 2] === '+';
    const isAsIs = byteOf(character) !== undefined && !isMistakable;
    const next = isAsIs ? character : codePoint(character);
    if (shown.length + next.length > limit) return `${shown}… (${characters.length - at} more characters)`;
    shown += next;
  }
  return shown;
}

function codePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `<U+${code.padStart(4, '0')}>`;
}

/** Whether documents show it as it is. */
export function isShownAsIs(text: string): boolean {
  return shownText(text) === text;
}

/** The bytes of a text in the code page. @throws RangeError for a character that {@link shownText} never leaves */
export function bytesOf(text: string): readonly number[] {
  return Array.from(text).map((character) => {
    const byte = byteOf(character);
    if (byte === undefined) throw new RangeError('The text was not made by shownText.');
    return byte;
  });
}
