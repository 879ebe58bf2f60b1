/** JSON Schema as connectors understand it: no alternatives, no null, a title for everything that makers see. */
import { isObject } from '../json.ts';
import { asRecord, type JsonSchema } from './json-schema.ts';

/** Keywords that connectors do not know, or that say nothing to a maker. */
const dropped: ReadonlySet<string> = new Set([
  ...['pattern', 'propertyNames', 'title', 'exclusiveMinimum', 'exclusiveMaximum', 'const', 'examples'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'not'],
]);
const knownFormats: ReadonlySet<string> = new Set(['date-time', 'uuid', 'uri', 'email', 'byte']);

/** What is left of a schema for a connector; undefined members are not in its JSON. */
export function simplified(schema: JsonSchema): JsonSchema {
  const { anyOf, oneOf, properties, items, additionalProperties, format, ...rest } = schema;
  const alternatives = [anyOf, oneOf].find((value): value is unknown[] => Array.isArray(value));
  if (alternatives !== undefined) return simplified({ ...firstOf(alternatives), ...rest });
  if (Array.isArray(schema['type'])) return simplified({ ...schema, type: firstType(schema['type']) });
  return {
    ...typeOf(schema),
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !dropped.has(key))),
    ...formatOf(rest['type'], format),
    properties: isObject(properties) ? titledMembers(properties) : undefined,
    items: isObject(items) ? simplified(items) : undefined,
    additionalProperties: isObject(additionalProperties) ? simplified(additionalProperties) : undefined,
  };
}

/** Anything at all is an object to a maker; one value is a choice of one. */
function typeOf({ type, $ref, const: constant }: JsonSchema): JsonSchema {
  if (constant !== undefined) return { type: typeof constant, enum: [constant] };
  return type === undefined && $ref === undefined ? { type: 'object' } : {};
}

function formatOf(type: unknown, format: unknown): JsonSchema {
  if (type === 'integer') return { format: 'int32' };
  return typeof format === 'string' && knownFormats.has(format) ? { format } : {};
}

function firstOf(alternatives: readonly unknown[]): JsonSchema {
  const known = alternatives.map(asRecord).filter((schema) => schema['type'] !== 'null');
  return known[0] ?? { type: 'string' };
}

/** Swagger 2.0 knows one type a schema. */
function firstType(types: readonly unknown[]): unknown {
  return types.find((type) => type !== 'null') ?? 'string';
}

function titledMembers(properties: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => {
      const schema = asRecord(member);
      return [name, '$ref' in schema ? { $ref: schema['$ref'] } : titled(name, schema)];
    }),
  );
}

/** Simplified, and shown as its title; `createdDateTime` without one as `Created Date Time`. */
export function titled(name: string, schema: JsonSchema): JsonSchema {
  const title = typeof schema['title'] === 'string' ? schema['title'] : titleOf(name);
  const { description, ...rest } = simplified(schema);
  return { ...rest, 'x-ms-summary': title, description };
}

function titleOf(name: string): string {
  const words = name
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .trim()
    .split(' ');
  const title = words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join(' ');
  return title.replaceAll(
    /\b(Id|Ip|Url|Upn)(s?)\b/g,
    (_, word: string, plural: string) => word.toUpperCase() + plural,
  );
}
