/** Which lines of a raw blob came from which content, in its metadata. */
import { contentTypeOfLetter, letterOfContentType, type ContentType } from '../activity/content-types.ts';

/** Lines of one content blob within a raw blob, in order. */
export interface Run {
  readonly contentType: ContentType;
  readonly contentCreated: Date;
  readonly records: number;
}

/**
 * Which lines came from which content, so that a raw blob is self-describing: `E120.kf3k1s,S7.…` is
 * content type letter, records, contentCreated in epoch seconds (base 36).
 */
export function encodeRuns(runs: readonly Run[]): string {
  const parts = runs.map(({ contentType, contentCreated, records }) => {
    const seconds = Math.floor(contentCreated.getTime() / 1000).toString(36);
    return `${letterOfContentType(contentType)}${records}.${seconds}`;
  });
  return parts.join(',');
}

/** The inverse of {@link encodeRuns}; unknown letters are skipped. */
export function decodeRuns(text: string): readonly Run[] {
  return text.split(',').flatMap((part) => {
    const [, letter = '', records, seconds = '0'] = /^([A-Z])(\d+)\.([0-9a-z]+)$/.exec(part) ?? [];
    const contentType = contentTypeOfLetter(letter);
    const contentCreated = new Date(parseInt(seconds, 36) * 1000);
    return contentType === undefined ? [] : [{ contentType, contentCreated, records: Number(records) }];
  });
}
