/** By code units, so that the order is the same everywhere: locales differ between machines. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
