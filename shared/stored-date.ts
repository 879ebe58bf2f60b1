/** Dates in what is stored. */
import * as z from 'zod';

/** Stored as ISO text: readable in every tool, and equal texts are equal times. */
export const storedDate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
