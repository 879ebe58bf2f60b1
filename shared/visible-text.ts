/** What in a text cannot be seen, or changes the order in which the rest is read: in one way for all who show texts of records. */

/**
 * Control characters, half surrogate pairs, separators of lines, all that Unicode says to draw as nothing (which includes what
 * embeds, overrides, or isolates a direction, tags, and fillers), the rest of what annotates or arranges others, and the blank of
 * Braille. Arabic signs before numbers are format characters that are drawn.
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const hidden = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u{13430}-\u{1343F}\u2800]`;

/** Scripts whose letters take another form with a joiner. @see https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters */
const joining = 'Arab Syrc Mong Nkoo Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Mymr Khmr Tibt'
  .split(' ')
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/** Hidden characters that belong to what is drawn before them: at most one after each, so that nothing can be written with them. */
const belonging = [
  String.raw`(?<=[${joining}])[\u200C\u200D](?=[${joining}])`,
  String.raw`(?<=\p{Script=Mongolian})[\u180B-\u180F]`,
  String.raw`(?<=\p{Script=Han})[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`,
  String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]|(?<=[\d#*])\uFE0F(?=\u20E3)`,
  String.raw`(?<=\p{Extended_Pictographic}[\uFE0F\u{1F3FB}-\u{1F3FF}]?)\u200D(?=\p{Extended_Pictographic})`,
].join('|');

/** The blocks of scripts that are read from right to left. */
export const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** A pair around a name with such letters, as sentences have it: it changes nothing but how the name itself is read. */
const within = String.raw`(?:(?!\p{Bidi_Control}).){0,120}`;
const isolating = `\u2068(?=${within}${rightToLeft.source}${within}\u2069)|(?<=\u2068${within}${rightToLeft.source}${within})\u2069`;

// What a character is comes first: looking around each letter would take time that grows with the square of the text.
const runs = new RegExp(`(?:(?=${hidden})(?!${belonging})${hidden})+`, 'gu');
const shownRuns = new RegExp(`(?:(?=${hidden})(?!${belonging}|${isolating})${hidden})+`, 'gu');

/** The text with something in place of each run of characters that cannot be seen. */
export function withoutHidden(text: string, instead: string): string {
  return text.replaceAll(runs, instead);
}

/** The text with the names of such characters in it, as `<U+202E>`; names that sentences isolate stay isolated. */
export function visibleText(text: string): string {
  return text.replaceAll(shownRuns, (run) => `<${nameOf(run)}>`);
}

/** Part of a text; one that `isCode` names characters that cannot be seen, as `U+202E`. */
interface TextPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** The whole text in its order, as {@link visibleText} has it. A run has one part, however long it is. */
export function visibleParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: run, index } of text.matchAll(shownRuns)) {
    if (index > end) parts.push({ text: text.slice(end, index), isCode: false });
    parts.push({ text: nameOf(run), isCode: true });
    end = index + run.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isCode: false });
  return parts;
}

function nameOf(run: string): string {
  const [first = '', ...others] = Array.from(run);
  const name = `U+${(first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
