/** Queries with one small mistake each: a comparison turned round, a threshold one off, the other end taken. */

const swaps: Readonly<Record<string, readonly string[]>> = {
  '==': ['!='],
  '>': ['<', '>='],
  '<=': ['>', '<'],
  and: ['or'],
  or: ['and'],
  min: ['max'],
  arg_max: ['arg_min'],
  arg_min: ['arg_max'],
};

/** Every mutation of a query, with a word about it. */
export function mutationsOf(query: string): readonly (readonly [what: string, query: string])[] {
  const code = query.replaceAll(/^\s*\/\/.*$/gm, '');
  const parts = Array.from(code.matchAll(/"[^"]*"|[=<>!]=|[<>]|\w+/g));
  return parts.flatMap(({ 0: part, index }) =>
    alternativesTo(part).map((other) => {
      const start = code.slice(0, index);
      const line = start.slice(start.lastIndexOf('\n') + 1);
      const mutated = `${start}${other}${code.slice(index + part.length)}`;
      return [`${line}${part} -> ${other}`, mutated] as const;
    }),
  );
}

function alternativesTo(part: string): readonly string[] {
  const [, digits, unit = ''] = /^(\d+)(m?)$/.exec(part) ?? [];
  if (digits === undefined) return swaps[part] ?? [];
  const number = Number(digits);
  return [number + 1, ...(number > 0 ? [number - 1] : [])].map((other) => `${other}${unit}`);
}
