/** Texts from records in HTML: nothing in them is markup, and nothing in them changes how others are read. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For attributes, and for texts of our own. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

/**
 * What cannot be seen, or reverses what is read: control characters, those that embed, override, or isolate a direction,
 * separators of lines, and spaces without width. Joiners stay: scripts and emoji need them.
 */
const invisible = /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/gu;

/** A text as it is written in records, isolated from the direction of what is around it; invisible characters are named. */
export function shownText(text: string): string {
  return `<bdi>${markedText(text)}</bdi>`;
}

function markedText(text: string): string {
  let [out, end] = ['', 0];
  for (const { 0: found, index } of text.matchAll(invisible)) {
    out += `${escaped(text.slice(end, index))}<span class="mark">${nameOf(found)}</span>`;
    end = index + found.length;
  }
  return out + escaped(text.slice(end));
}

/** The same where markup cannot be, such as in pictures. */
export function plainText(text: string): string {
  return escaped(text.replaceAll(invisible, nameOf));
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
