/**
 * Names for everything that generators of clients make a type of: enumerations, and objects with members. What has no
 * name of its own gets one from its place: `TenantState` for the member `state` of `Tenant`. It stays the same
 * whatever else is described.
 */
import { asRecord, type Definitions, type JsonSchema } from './json-schema.ts';
import { isObject } from '../json.ts';

/** Where named schemas are kept, and the location of that place in the document. */
export interface SchemaNames {
  readonly schemas: Definitions;
  readonly base: string;
}

/** Takes the parts of all named schemas out of them, those of the parts as well. */
export function nameParts(names: SchemaNames): void {
  for (const [name, schema] of [...names.schemas]) names.schemas.set(name, withoutParts(schema, name, names));
}

/** The schema itself, or a reference to it where it needs a name; its parts are taken out of it. */
export function named(schema: JsonSchema, name: string, names: SchemaNames): JsonSchema {
  const rest = withoutParts(schema, name, names);
  return 'enum' in schema || isObject(schema['properties']) ? taken(rest, name, names) : rest;
}

/** `createdDateTime` as part of a name. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Description, title, and default belong to the use of a schema, and stay with the reference. */
function taken(
  { description, title, default: byDefault, ...schema }: JsonSchema,
  name: string,
  { schemas, base }: SchemaNames,
): JsonSchema {
  const known = schemas.get(name);
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
    throw new Error(`Two schemas are called ${name}: give one of them an id in its meta data.`);
  schemas.set(name, schema);
  return { $ref: `${base}${name}`, title, description, default: byDefault };
}

function withoutParts(schema: JsonSchema, name: string, names: SchemaNames): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  const inner = {
    properties: isObject(properties) ? members(properties, name, names) : properties,
    items: isObject(items) ? named(asRecord(items), name, names) : items,
    additionalProperties: isObject(additionalProperties)
      ? named(asRecord(additionalProperties), name, names)
      : additionalProperties,
  };
  const changed = Object.entries(inner).filter(([key]) => key in schema);
  return { ...schema, ...asRecord(Object.fromEntries(changed)) };
}

function members(properties: JsonSchema, name: string, names: SchemaNames): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([key, member]) => [
      key,
      named(asRecord(member), `${name}${pascalCase(key)}`, names),
    ]),
  );
}
