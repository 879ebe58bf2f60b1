/** Processes JSON as text, so that numbers, escapes, and key order stay exactly the same. */

/**
 * Returns the members of the object or the elements of the array that `text` holds, each trimmed but otherwise
 * unchanged. The text must be valid JSON with an object or array at the top level.
 */
export const splitTopLevel = (text: string): readonly string[] => {
  const inner = text.trim().slice(1, -1);
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < inner.length; at += 1) {
    const character = inner[at];
    if (character === '"') at = endOfString(inner, at);
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(inner.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = inner.slice(from).trim();
  return last === '' ? parts : [...parts, last];
};

/**
 * Returns the same JSON object with its first member moved to the end, or undefined if that could change
 * its meaning: it is not an object, has fewer than two members, or repeats a key.
 */
export const withOtherKeyOrder = (text: string): string | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined;
  const [first, ...others] = splitTopLevel(text);
  if (first === undefined || others.length === 0) return undefined;
  const keys = new Set([first, ...others].map(keyOf));
  return keys.size === others.length + 1 ? `{${[...others, first].join(',')}}` : undefined;
};

/** Index of the quotation mark that closes the string starting at `opening`. */
const endOfString = (text: string, opening: number): number => {
  let at = opening + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
};

const keyOf = (member: string): unknown => JSON.parse(member.slice(0, endOfString(member, 0) + 1));
