/** Wildcards of rules: `*` is any text, `?` any character, and a backslash before one of them makes it plain. */

/** Undefined stands for any character. */
type Piece = readonly (string | undefined)[];

/** Longer values are searched up to here for pieces with `?`, which take longer than others. */
const maxSearchedLength = 20_000;

/** Matches a whole text. */
export function createWildcard(pattern: string): (text: string) => boolean {
  const [first, ...rest] = piecesOf(pattern).map(createFinder);
  const last = rest.pop();
  return (text) => {
    if (first === undefined) return text === '';
    if (last === undefined) return first.length === text.length && first.isAt(text, 0);
    const end = text.length - last.length;
    let at = first.isAt(text, 0) ? first.length : -1;
    for (const piece of rest) at = at === -1 ? -1 : after(piece, text, at);
    return at !== -1 && at <= end && last.isAt(text, end);
  };
}

/** Whether the text has a wildcard that is not plain. */
export function hasWildcards(pattern: string): boolean {
  const pieces = piecesOf(pattern);
  return pieces.length > 1 || pieces.some((piece) => piece.includes(undefined));
}

/** The text that a pattern without wildcards stands for. */
export function plainTextOf(pattern: string): string {
  return piecesOf(pattern).flat().join('');
}

/**
 * The same pattern with any text around it, before it, or after it. Backslashes that stand for themselves are doubled,
 * or one at the end would make the asterisk plain.
 */
export function surrounded(pattern: string, { before, after: behind }: Surroundings): string {
  const same = piecesOf(pattern).map((piece) =>
    piece.map((one) => (one === undefined ? '?' : one.replaceAll(/[*?\\]/g, String.raw`\$&`))).join(''),
  );
  return `${before ? '*' : ''}${same.join('*')}${behind ? '*' : ''}`;
}

interface Surroundings {
  readonly before: boolean;
  readonly after: boolean;
}

/** What is between asterisks. */
function piecesOf(pattern: string): readonly Piece[] {
  const pieces: (string | undefined)[][] = [[]];
  for (const [token, escaped] of pattern.matchAll(/\\([*?\\])|[^]/gu)) {
    if (token === '*') pieces.push([]);
    else pieces.at(-1)?.push(token === '?' ? undefined : (escaped ?? token));
  }
  return pieces;
}

interface Finder {
  /** In UTF-16 code units. */
  readonly length: number;
  readonly isAt: (text: string, at: number) => boolean;
  /** From a position on; -1 if it is missing. */
  readonly find: (text: string, from: number) => number;
}

function createFinder(piece: Piece): Finder {
  const characters = piece.flatMap((one) => (one === undefined ? [undefined] : one.split('')));
  const { length } = characters;
  if (characters.every((one) => one !== undefined)) {
    const wanted = characters.join('');
    return {
      length,
      isAt: (text, at) => text.startsWith(wanted, at),
      find: (text, from) => text.indexOf(wanted, from),
    };
  }
  const isAt = (text: string, at: number) =>
    at + length <= text.length && characters.every((one, i) => one === undefined || text[at + i] === one);
  return { length, isAt, find: (text, from) => firstPlace(text, from, length, isAt) };
}

function firstPlace(text: string, from: number, length: number, isAt: Finder['isAt']): number {
  const end = Math.min(text.length, maxSearchedLength) - length;
  for (let at = from; at <= end; at++) if (isAt(text, at)) return at;
  return -1;
}

function after({ find, length }: Finder, text: string, from: number): number {
  const at = find(text, from);
  return at === -1 ? -1 : at + length;
}
