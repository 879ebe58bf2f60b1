/** Where the published schema of a value differs from the one that parses it. */
import * as z from 'zod';
import { meanings } from '../api/meanings.ts';
import { isObject } from '../json.ts';

interface Converted {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/**
 * For `override` of zod's conversion, which changes schemas in place. Two kinds of meta data say more than types can:
 * - `wire` replaces a schema that is lenient for the sake of older callers by what callers should send;
 * - `always` marks a member that is only absent where `select` leaves it out, so that clients can rely on it.
 */
export function published({ zodSchema, jsonSchema }: Converted): void {
  applyWire(jsonSchema);
  Reflect.deleteProperty(jsonSchema, 'always');
  if (zodSchema._zod.def.type !== 'object') return;
  explainMembers(jsonSchema);
  const always = Object.entries(zodSchema._zod.def.shape).flatMap(([name, member]) =>
    isAlways(member) ? [name] : [],
  );
  if (always.length > 0) jsonSchema.required = [...new Set([...(jsonSchema.required ?? []), ...always])];
}

/** A named schema is often also used elsewhere, so its members are known by its name as well. */
function explainMembers({ id, properties = {} }: z.core.JSONSchema.BaseSchema): void {
  for (const [name, member] of Object.entries(properties)) {
    const meaning = meanings[`${String(id)}.${name}`] ?? meanings[name];
    if (typeof member === 'object' && meaning !== undefined) member.description ??= meaning;
  }
}

function isAlways(member: z.core.$ZodType): boolean {
  return z.globalRegistry.get(member)?.['always'] === true;
}

function applyWire(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const { wire, title, description, default: byDefault } = jsonSchema;
  if (!isObject(wire)) return;
  for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
  const kept = { title, description, default: byDefault };
  Object.assign(
    jsonSchema,
    Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    wire,
  );
}
