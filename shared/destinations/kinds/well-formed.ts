/** Text in formats whose readers refuse what is not valid Unicode. */

/** With U+FFFD for lone surrogates. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString('utf8');
}
