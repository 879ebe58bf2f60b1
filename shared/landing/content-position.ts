/** Positions in lists of content blobs, and of what is lost of them. */
import { sha256Of } from '../sha256.ts';

/** Sorts by the time; the rest identifies the entry. @param id of a content blob, or of a landing */
export function contentPosition(time: Date, contentType: string, id: string): string {
  return `${time.toISOString()}_${sha256Of(`${contentType}\n${id}`).slice(0, 16)}`;
}

export const contentPositionShape = /^[-\dT:.Z]{24}_[0-9a-f]{16}$/;
