/** Keys of what is counted by several texts. */
import * as z from 'zod';

export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

const partsSchema = z.array(z.string());

/** What {@link keyOf} was given. */
export function partsOf(key: string): readonly string[] {
  return partsSchema.parse(JSON.parse(key));
}
