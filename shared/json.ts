/** JSON of unknown content. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for text that is not JSON. The parser's error repeats the text, so it is not passed on. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
