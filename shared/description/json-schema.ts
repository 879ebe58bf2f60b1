/** JSON Schema of zod schemas, with named schemas taken out so that documents hold each once. */
import * as z from 'zod';
import { isObject, type JsonObject } from '../json.ts';
import { published } from './published.ts';

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
  const options = { io, target: dialect, unrepresentable: 'any', override: published } as const;
  const made: JsonSchema = z.toJSONSchema(schema, options);
  const named = { ...asRecord(made['$defs']), ...asRecord(made['definitions']) };
  // Connectors have no named texts: makers see the choices where they make them.
  const inlined = (name: string) => (dialect === 'draft-4' ? enumerationOf(named[name]) : undefined);
  const context = { target, inlined };
  for (const [name, definition] of Object.entries(named)) {
    if (inlined(name) === undefined) definitions.set(name, cleaned(definition, context));
  }
  const root = cleaned(made, context);
  const name = schema.meta()?.id;
  if (name === undefined || '$ref' in root) return root;
  definitions.set(name, root);
  return { $ref: `${target.base}${name}` };
}

interface Context {
  readonly target: SchemaTarget;
  /** The content of a named schema that belongs where it is used. */
  readonly inlined: (name: string) => JsonSchema | undefined;
}

function enumerationOf(definition: unknown): JsonSchema | undefined {
  const schema = asRecord(definition);
  return 'enum' in schema ? schema : undefined;
}

function cleaned(schema: unknown, context: Context): JsonSchema {
  const kept = Object.entries(asRecord(schema)).filter(([key]) => !apart.has(key));
  return asRecord(rebased(Object.fromEntries(kept), context));
}

/** Hints for Power Automate that programs understand as well. */
const hintsForAll: ReadonlySet<string> = new Set(['x-ms-primary-error-message']);

/** References lead to where the document keeps its schemas. */
function rebased(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return value.map((item) => rebased(item, context));
  if (!isObject(value)) return value;
  const { base, dialect } = context.target;
  // Connectors have hints for Power Automate, and all other documents those for everyone else.
  const isConnector = dialect === 'draft-4';
  const { $ref, allOf, ...rest } = value;
  const only: unknown = Array.isArray(allOf) && allOf.length === 1 ? allOf[0] : undefined;
  const name = nameOf($ref ?? asRecord(only)['$ref']);
  const content = name === undefined ? undefined : context.inlined(name);
  if (content !== undefined) return rebased({ ...content, ...rest }, context);
  const entries = Object.entries(plain(value)).filter(
    ([key]) => hintsForAll.has(key) || !key.startsWith('x-') || key.startsWith('x-ms-') === isConnector,
  );
  return Object.fromEntries(
    entries.map(([key, member]) =>
      key === '$ref' ? [key, `${base}${nameOf(member) ?? ''}`] : [key, rebased(member, context)],
    ),
  );
}

function nameOf($ref: unknown): string | undefined {
  return typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined;
}

/** Says the same in the words that generators of clients understand. */
function plain(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  const [one, other, ...more] = (Array.isArray(anyOf) ? anyOf : []).map(asRecord);
  if (other?.['type'] === 'null' && more.length === 0 && typeof one?.['type'] === 'string')
    return { ...one, ...rest, type: [one['type'], 'null'] };
  // A format says what its pattern spells out.
  return typeof schema['format'] === 'string' ? { ...schema, pattern: undefined } : schema;
}

/**
 * How a value is written in an address or a header, where every parameter is a text or several. A schema that parses
 * may say in its meta data `wire` what the text has to look like.
 */
export function wireSchema(schema: z.ZodType, target: SchemaTarget): JsonSchema {
  const options = { io: 'input', target: target.dialect, unrepresentable: 'any' } as const;
  const made: JsonSchema = z.toJSONSchema(schema, options);
  const named = { ...asRecord(made['$defs']), ...asRecord(made['definitions']) };
  const context: Context = { target, inlined: (name) => asRecord(named[name]) };
  const { items, maxItems, ...rest } = cleaned(made, context);
  const wire = asRecord(rebased(asRecord(schema.meta()?.['wire']), context));
  if (rest['type'] === 'array' && maxItems !== 1) return { ...rest, items, maxItems, ...wire };
  const whole = { ...rest, ...asRecord(items), ...wire };
  // A number in an address is parsed from a text: its pattern says nothing that its range does not.
  return rest['type'] !== 'array' && 'type' in wire ? { ...whole, pattern: undefined } : whole;
}

/** An empty record for a value that is not an object. */
export function asRecord(value: unknown): JsonSchema {
  return isObject(value) ? value : {};
}
