/** How deep JSON is: parsers of databases have a limit. */

/** Whether objects and lists are within more than so many others. @param json valid */
export function isDeeper(json: string, levels: number): boolean {
  if ((json.match(/[[{]/g)?.length ?? 0) <= levels) return false;
  let depth = 0;
  for (const [bracket] of withoutTexts(json).matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > levels) return true;
  }
  return false;
}

/** With empty texts. In two steps: one expression for texts and their escapes would exceed the stack on a long text. */
export function withoutTexts(json: string): string {
  return json.replaceAll(/\\./g, '').replaceAll(/"[^"]*"/g, '""');
}
