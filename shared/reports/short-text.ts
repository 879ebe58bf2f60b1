/** Texts of records, bounded: a report holds thousands of them. */

/** UTF-16 code units; longer than any address. */
const maxLength = 200;

/** No surrogate pair is split. */
export function shortText(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length <= maxLength) return trimmed;
  return `${trimmed.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
