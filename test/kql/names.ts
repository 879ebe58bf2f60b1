/** The telemetry that a query names: events, metrics, and fields. */

/** Events have three parts, metrics two; in order, each once. */
export function namesIn(query: string): readonly string[] {
  const quoted = withoutComments(query).matchAll(/["']([a-z]\w*(?:\.[a-z]\w*){1,2})["']/g);
  return unique(Array.from(quoted, (match) => match[1] ?? ''));
}

/** Members of Properties. */
export function fieldsIn(query: string): readonly string[] {
  const read = withoutComments(query).matchAll(/\bProperties\.(\w+)|\bProperties\[["'](\w+)["']\]/g);
  return unique(Array.from(read, (match) => match[1] ?? match[2] ?? ''));
}

function withoutComments(query: string): string {
  return query.replaceAll(/^\s*\/\/.*$/gm, '');
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
