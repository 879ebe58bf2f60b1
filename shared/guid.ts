/** GUIDs that are made of other data, and GUIDs as bytes. */

/** Always the same for the same hash. @param hex at least 32 digits */
export function guidOfHash(hex: string): string {
  // The form of a GUID, version 8: made from other data.
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}

/** The 16 bytes of a GUID, in the order of its digits. */
export function bytesOfGuid(guid: string): Buffer {
  return Buffer.from(guid.replaceAll('-', ''), 'hex');
}

/** The inverse of {@link bytesOfGuid}, in lower case. */
export function guidOfBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}
