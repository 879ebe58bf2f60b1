/** Texts in messages of syslog. */

/** What follows the header of a message. */
export interface MessageBody {
  readonly content: Buffer;
  /** It does not have all that it would have without limits. */
  readonly isCut: boolean;
}

/** Control characters, and what else ends a line; receivers would escape them in ways of their own. */
export const controls = /[\p{Cc}\u2028\u2029]/gu;

/** The first characters, never half of one. */
export function beginningOf(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(maxLength - 1));
  return text.slice(0, isHalf ? maxLength - 1 : maxLength);
}

/** As many of the parts as fit into so many bytes, in order; one that is too long leaves room for later ones. */
export function fitting(
  parts: readonly string[],
  maxBytes: number,
): { readonly parts: readonly string[]; readonly isCut: boolean } {
  let left = maxBytes;
  const taken = parts.filter((part) => {
    const bytes = Buffer.byteLength(part);
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
  return { parts: taken, isCut: taken.length < parts.length };
}
