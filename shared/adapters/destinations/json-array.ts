/** Joins values that are JSON already. */

/** An array of the values: their bytes and one more for each, and one. */
export function jsonArray(values: readonly Buffer[]): Buffer {
  const parts = values.flatMap((value, at) => (at === 0 ? [value] : [comma, value]));
  return Buffer.concat([opening, ...parts, closing]);
}

const opening = Buffer.from('[');
const comma = Buffer.from(',');
const closing = Buffer.from(']');
