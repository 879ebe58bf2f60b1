/** A GUID that is made of other data. */

/** Always the same for the same hash. @param hex at least 32 digits */
export function guidOfHash(hex: string): string {
  // The form of a GUID, version 8: made from other data.
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
