/**
 * Values of records in texts for people: short, in one line, and without characters that hide something or change the
 * direction in which a line is read. Records hold what strangers chose: names of files, subjects, names of rules.
 */

/** Of a value in a sentence, in characters (UTF-16 code units), with the ellipsis. */
export const maxValueLength = 120;

/**
 * The value in one line, at most `length` characters long; a longer one ends in an ellipsis. White space and control
 * characters become a blank, and invisible characters, which include those that reverse the direction of text, become
 * U+FFFD, so that it shows that there was something. Empty for a value that has nothing else.
 */
export function safeText(value: string, length = maxValueLength): string {
  // Only the beginning counts: a value may be as long as a record.
  const beginning = value.slice(0, 4 * length);
  const shown = beginning.replace(spaces, ' ').replace(invisible, '\uFFFD').trim();
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

/** Half surrogate pairs, and all format characters but those that join the characters of a word or an emoji. */
const invisible = /(?![\u200C\u200D])[\p{Cf}\p{Cs}]/gu;

/** A cut can leave the first half of a surrogate pair. */
const halfAtEnd = /[\uD800-\uDBFF]$/;

/**
 * The value as it can be put into a line that is read from left to right: one with letters that are read from right to
 * left is isolated, so that it does not reorder what is around it.
 */
export function isolated(value: string): string {
  return rightToLeft.test(value) ? `\u2068${value}\u2069` : value;
}

/** The blocks of scripts that are read from right to left. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
