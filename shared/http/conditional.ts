/** Conditional requests: answers only what the caller does not have yet. */
import { sha256Of } from '../sha256.ts';

/** A strong entity tag of a text. */
export function entityTag(text: string): string {
  return `"${sha256Of(text).slice(0, 32)}"`;
}

/**
 * Whether a header `If-None-Match` or `If-Match` names the tag. `*` names every one; weak tags are the same as strong
 * ones here, for a proxy that compresses makes them weak.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
 */
export function namesTag(header: string, tag: string): boolean {
  const named = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return named.includes('*') || named.includes(tag);
}
