/** Texts from records in HTML: nothing in them is markup, and nothing in them changes how others are read. */
import { visibleParts, visibleText } from '../../visible-text.ts';

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

/** A text as it is written in records, isolated from the direction of what is around it; what cannot be seen is named. */
export function shownText(text: string): string {
  const parts = visibleParts(text).map((part) =>
    part.isCode ? `<span class="mark">${part.text}</span>` : escaped(part.text),
  );
  return `<bdi>${parts.join('')}</bdi>`;
}

/** The same where markup cannot be, such as in pictures. */
export function plainText(text: string): string {
  return escaped(visibleText(text));
}
