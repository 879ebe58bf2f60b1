/** Counts records as a reader would: key order does not matter. */

import { createHash } from 'node:crypto';

/**
 * Returns the number of distinct records. Two texts are the same record if their JSON is equal once all keys are
 * sorted; a text that is not JSON equals only itself.
 */
export const countDistinct = (texts: Iterable<string>): number => {
  const seen = new Set<string>();
  for (const text of texts) seen.add(createHash('sha256').update(canonical(text)).digest('base64'));
  return seen.size;
};

const canonical = (text: string): string => {
  try {
    const value: unknown = JSON.parse(text);
    return `json:${JSON.stringify(value, sortKeys)}`;
  } catch {
    return `text:${text}`;
  }
};

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value;
