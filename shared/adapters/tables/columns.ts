/** Schemas of the column types that tables share. */
import * as z from 'zod';

/** Dates are stored as ISO text: readable in every tool, and equal texts are equal times. */
export const dateColumn = z.iso.datetime().transform((text) => new Date(text));

export const binaryColumn = z.instanceof(Uint8Array);

/** Parses a column that holds JSON. */
export function jsonColumn<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
}
