/** In an address `+` means a blank, so the plus sign of a time zone gets lost. */

/** The time as far as the blank; then the offset, and nothing that would make it something else. */
const pattern = /(\d{4}-\d{2}-\d{2}T[\d:.]+) \d{2}:?\d{2}(?![\w:.])/iy;

/** What to do about it. */
export const howToWritePlus = 'in an address, write + as %2B';

/** Where the blank is, if a moment begins at the position and its offset lost its plus; undefined otherwise. */
export function findLostPlus(text: string, at = 0): number | undefined {
  pattern.lastIndex = at;
  const time = pattern.exec(text)?.[1];
  return time === undefined ? undefined : at + time.length;
}
