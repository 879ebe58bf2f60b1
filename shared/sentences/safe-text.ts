/**
 * Values of records in texts for people: short, in one line, and without characters that hide something or change the
 * direction in which a line is read. Records hold what strangers chose: names of files, subjects, names of rules.
 */
import { rightToLeft, withoutHidden } from '../visible-text.ts';

/** Of a value in a sentence, in characters (UTF-16 code units), with the ellipsis. */
export const maxValueLength = 120;

/**
 * The value in one line, at most `length` characters long; a longer one ends in an ellipsis. White space and control
 * characters become a blank, and runs of characters that cannot be seen, which include those that reverse the direction of text,
 * become U+FFFD, so that it shows that there was something. Empty for a value that has only white space and control characters.
 */
export function safeText(value: string, length = maxValueLength): string {
  // Only the beginning counts: a value may be as long as a record.
  const beginning = value.slice(0, 4 * length);
  const shown = withoutHidden(beginning.replace(spaces, ' '), '\uFFFD').trim();
  const isWhole = beginning.length === value.length && shown.length <= length;
  return isWhole
    ? shown
    : `${shown
        .slice(0, length - 1)
        .replace(halfAtEnd, '')
        .trimEnd()}…`;
}

/** Line breaks of every kind are among them. */
const spaces = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** A cut can leave the first half of a surrogate pair. */
const halfAtEnd = /[\uD800-\uDBFF]$/;

/**
 * The value as it can be put into a line that is read from left to right: one with letters that are read from right to
 * left is isolated, so that it does not reorder what is around it.
 */
export function isolated(value: string): string {
  return rightToLeft.test(value) ? `\u2068${value}\u2069` : value;
}
