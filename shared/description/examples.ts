/**
 * Examples for the OpenAPI document, made from schemas: an operation that is added has one at once. Values come from the
 * schema itself or by the member's name; an optional member without either is left out.
 */
import { asRecord, type Definitions, type JsonSchema } from './json-schema.ts';
import { isObject } from '../json.ts';
import { errorExamples } from './example-errors.ts';
import { memberExamples } from './example-members.ts';
import { parameterExamples, requestExamples } from './example-requests.ts';

/** A value that fits the schema. @param schemas the named schemas of the document */
export function exampleOf(schema: JsonSchema, schemas: Definitions): unknown {
  return create({ schemas, within: [] }, schema, '');
}

/** The body to show for an operation; undefined where none was written. */
export function requestExampleOf(operationId: string): unknown {
  return requestExamples[operationId];
}

export function exampleOfParameter(name: string): unknown {
  return parameterExamples[name] ?? memberExamples[name];
}

/** @param status of the response, or `default` */
export function errorExample(status: string) {
  return { error: errorExamples[status] ?? errorExamples['500'] };
}

interface Context {
  readonly schemas: Definitions;
  /** Names of the schemas that are being made: one that contains itself ends there. */
  readonly within: readonly string[];
}

function create(context: Context, schema: JsonSchema, member: string): unknown {
  const known = givenIn(schema) ?? knownOf(context, member);
  if (known !== undefined && fits(known, resolved(context, schema).schema)) return known;
  const { schema: whole, context: inner } = resolved(context, schema);
  const [first] = listOf(whole['enum']);
  if (first !== undefined) return first;
  switch (typeOf(whole)) {
    case 'object':
      // What is in a document of another specification, that specification says.
      return isObject(whole['properties']) ? createObject(inner, whole) : undefined;
    case 'array':
      return [create(inner, asRecord(whole['items']), member)];
    default:
      return scalarOf(whole);
  }
}

/** Of the member of this schema, or of any with its name. */
function knownOf({ within }: Context, member: string): unknown {
  return memberExamples[`${within.at(-1) ?? ''}.${member}`] ?? memberExamples[member];
}

function givenIn({ const: constant, default: byDefault, examples }: JsonSchema): unknown {
  const [first] = listOf(examples);
  return constant ?? first ?? byDefault;
}

/** The schema that a reference leads to, with the siblings of the reference. */
function resolved(context: Context, schema: JsonSchema) {
  const { $ref, ...siblings } = schema;
  if (typeof $ref !== 'string') return { schema, context };
  const name = $ref.split('/').at(-1) ?? '';
  const within = [...context.within, name];
  return { schema: { ...context.schemas.get(name), ...siblings }, context: { ...context, within } };
}

function createObject(context: Context, { properties, required }: JsonSchema): JsonSchema {
  const needed = new Set(listOf(required));
  const shown = Object.entries(asRecord(properties)).filter(
    ([name, schema]) => needed.has(name) || isWorthShowing(context, asRecord(schema), name),
  );
  return Object.fromEntries(shown.map(([name, schema]) => [name, create(context, asRecord(schema), name)]));
}

function isWorthShowing(context: Context, schema: JsonSchema, name: string): boolean {
  const target = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
  if (target !== undefined && context.within.includes(target)) return false;
  return (givenIn(schema) ?? knownOf(context, name)) !== undefined;
}

function fits(value: unknown, schema: JsonSchema): boolean {
  const { enum: choices } = schema;
  if (Array.isArray(choices)) return choices.includes(value);
  switch (typeOf(schema)) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
    case 'number':
      return typeof value === 'number';
    default:
      return typeof value === (typeOf(schema) ?? typeof value);
  }
}

function typeOf({ type }: JsonSchema): unknown {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.find((one) => one !== 'null');
}

function scalarOf(schema: JsonSchema): unknown {
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      // An integer without a limit of its own has the least safe one.
      return Math.max(Number(schema['minimum'] ?? 0), 0);
    case 'boolean':
      return false;
    default:
      return textByFormat[String(schema['format'])] ?? 'string';
  }
}

const textByFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-03-02T09:15:00.000Z',
  uuid: '7f1c0a52-3f0e-4d0c-9b5a-2f6f0d8f4c11',
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
