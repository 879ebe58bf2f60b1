/** Cuts a filter into tokens. */

export type Token = { readonly at: number } & (
  | { readonly kind: 'open' | 'close' | 'comma' | 'end' }
  /** A name, a keyword, `null`, `true` or `false`; a path has slashes. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'moment'; readonly text: string }
);

export type Cut =
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly kind: 'refused'; readonly at: number; readonly message: string };

/** Tried in this order: a moment begins as a number does. */
const patterns = [
  ['blank', /\s+/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /,/y],
  ['text', /'(?:[^']|'')*'/y],
  ['moment', /\d{4}-\d{2}-\d{2}[\dT:.Z+-]*/y],
  ['number', /-?\d+(?:\.\d+)?(?![\w.])/y],
  ['word', /[A-Za-z_][\w.@-]*(?:\/[\w.@-]+)*/y],
] as const;

type Kind = (typeof patterns)[number][0];

/** Time grows with the length of the text only. */
export function cutTokens(text: string): Cut {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const found = patternAt(text, at);
    if (found === undefined) {
      return { kind: 'refused', at, message: `${text.slice(at, at + 20)} is no part of a filter` };
    }
    const token = toToken(found.kind, found.text, at);
    if (token !== undefined) tokens.push(token);
    at += found.text.length;
  }
  return { kind: 'tokens', tokens: [...tokens, { kind: 'end', at: text.length }] };
}

function patternAt(text: string, at: number): { kind: Kind; text: string } | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0] };
  }
  return undefined;
}

function toToken(kind: Kind, text: string, at: number): Token | undefined {
  switch (kind) {
    case 'blank':
      return undefined;
    case 'text':
      return { kind, text: text.slice(1, -1).replaceAll("''", "'"), at };
    case 'number':
      return { kind, number: Number(text), at };
    case 'moment':
      return { kind, text, at };
    case 'word':
      return { kind, word: text, at };
    case 'open':
    case 'close':
    case 'comma':
      return { kind, at };
  }
}
