/** JSON Schema of zod schemas, with named schemas taken out so that documents hold each once. */
import * as z from 'zod';
import { isObject, type JsonObject } from '../json.ts';

export type JsonSchema = JsonObject;

/** What to make of a schema. */
export interface SchemaTarget {
  /** `input`: what callers send; `output`: what they get. */
  readonly io: 'input' | 'output';
  /** Hints for Power Automate (`x-ms-…`) stay in its own dialect only. */
  readonly dialect: 'draft-2020-12' | 'draft-4';
  /** Location of named schemas in the document: `#/components/schemas/`. */
  readonly base: string;
}

/** Named schemas of a document. */
export type Definitions = Map<string, JsonSchema>;

/** Members of the outermost schema that a document keeps elsewhere. */
const apart: ReadonlySet<string> = new Set(['$schema', '$defs', 'definitions', 'id', 'wire']);

/** @param definitions receives the named schemas that the schema uses, and the schema itself where it is named */
export function toJsonSchema(schema: z.ZodType, target: SchemaTarget, definitions: Definitions): JsonSchema {
  const { io, dialect } = target;
  const made: JsonSchema = z.toJSONSchema(schema, { io, target: dialect, unrepresentable: 'any' });
  const named = { ...asRecord(made['$defs']), ...asRecord(made['definitions']) };
  for (const [name, definition] of Object.entries(named)) {
    definitions.set(name, cleaned(definition, target));
  }
  const root = cleaned(made, target);
  const name = schema.meta()?.id;
  if (name === undefined || '$ref' in root) return root;
  definitions.set(name, root);
  return { $ref: `${target.base}${name}` };
}

function cleaned(schema: unknown, target: SchemaTarget): JsonSchema {
  const kept = Object.entries(asRecord(schema)).filter(([key]) => !apart.has(key));
  return asRecord(rebased(Object.fromEntries(kept), target));
}

/** References lead to where the document keeps its schemas. */
function rebased(value: unknown, target: SchemaTarget): unknown {
  if (Array.isArray(value)) return value.map((item) => rebased(item, target));
  if (!isObject(value)) return value;
  const { base, dialect } = target;
  const entries = Object.entries(value).filter(([key]) => dialect === 'draft-4' || !key.startsWith('x-ms-'));
  return Object.fromEntries(
    entries.map(([key, member]) =>
      key === '$ref' && typeof member === 'string'
        ? [key, member.replace(/^#\/(\$defs|definitions)\//, base)]
        : [key, rebased(member, target)],
    ),
  );
}

/**
 * How a value is written in an address or a header, where every parameter is a text or several. A schema that parses
 * may say in its meta data `wire` what the text has to look like.
 */
export function wireSchema(schema: z.ZodType, target: SchemaTarget): JsonSchema {
  const made = z.toJSONSchema(schema, { io: 'input', target: target.dialect, unrepresentable: 'any' });
  const { items, maxItems, ...rest } = cleaned(made, target);
  const wire = asRecord(rebased(asRecord(schema.meta()?.['wire']), target));
  if (rest['type'] === 'array' && maxItems !== 1) return { ...rest, items, maxItems };
  const whole = { ...rest, ...asRecord(items), ...wire };
  // A number in an address is parsed from a text: its pattern says nothing that its range does not.
  return rest['type'] !== 'array' && 'type' in wire ? { ...whole, pattern: undefined } : whole;
}

/** An empty record for a value that is not an object. */
export function asRecord(value: unknown): JsonSchema {
  return isObject(value) ? value : {};
}
