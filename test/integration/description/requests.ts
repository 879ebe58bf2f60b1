/** Requests made from the description: ones at the border, and nonsense; half of them are sound. */
import fc from 'fast-check';
import {
  asRecord,
  toJsonSchema,
  wireSchema,
  type JsonSchema,
} from '../../../shared/description/json-schema.ts';
import type { Operation } from '../../../shared/api/operation.ts';
import { parametersOf, type DescribedParameter } from '../../../shared/description/parameters.ts';
import type { Sent } from './whole-app.ts';

/** Values that are there, by name of parameter or member. */
export type Known = Readonly<Record<string, readonly string[]>>;

export interface Ingredients {
  readonly known: Known;
  /** Header values by kind of caller. */
  readonly callers: readonly Readonly<Record<string, string>>[];
}

export const target = { io: 'input', dialect: 'draft-2020-12', base: '#/' } as const;

/** Requests to one operation with something in them that may have to be refused. */
export function wildRequestsTo(operation: Operation, { known, callers }: Ingredients): fc.Arbitrary<Sent> {
  const parameters = parametersOf(operation, (schema) => wireSchema(schema, target));
  const places = (place: DescribedParameter['in']) => parameters.filter((each) => each.in === place);
  const { body, method, route } = operation;
  const schema = body === undefined ? undefined : bodySchemaOf(body);
  return fc
    .record({
      path: fc.record(valuesOf(places('path'), known)),
      query: fc.record(valuesOf(places('query'), known), { requiredKeys: [] }),
      headers: fc.record(headerValues(places('header')), { requiredKeys: [] }),
      stray: fc.option(fc.tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 })), { freq: 12 }),
      caller: fc.oneof({ weight: 9, arbitrary: fc.constant(callers[0] ?? {}) }, fc.constantFrom(...callers)),
      body: schema === undefined ? fc.constant(undefined) : bodies(schema, known),
      type: fc.oneof(
        { weight: 12, arbitrary: fc.constant('application/json') },
        fc.constantFrom('application/json; charset=utf-8', 'text/plain', 'application/xml'),
      ),
    })
    .map(({ path, query, headers, stray, caller, type, ...sent }) => {
      const pairs = Object.entries(query).flatMap(([name, value]) =>
        [value ?? []].flat().map((each): [string, string] => [name, each]),
      );
      const all = stray === null ? pairs : [...pairs, stray];
      const search = new URLSearchParams(all).toString();
      const filled = route.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(Buffer.from([path[name] ?? ''].flat().join(',')).toString()),
      );
      const withType = sent.body === undefined ? {} : { 'content-type': type };
      const together: Record<string, string> = { ...headers, ...caller, ...withType };
      return { method, path: `${filled}?${search}`, headers: together, body: sent.body };
    });
}

function valuesOf(parameters: readonly DescribedParameter[], known: Known) {
  return Object.fromEntries(
    parameters.map(({ name, schema, in: place }) => {
      const values = wireValues(schema, known[name] ?? []);
      // A path without a word in its place leads elsewhere, and dots go up.
      const inPath = values.filter((value) => !['', '.', '..'].includes([value].flat().join(',').trim()));
      return [name, place === 'path' ? inPath : values];
    }),
  );
}

const awkward = fc.constantFrom(
  ...[
    '',
    ' ',
    '*',
    ',',
    '"',
    "'",
    "''",
    '%',
    '%00',
    '\u0000',
    '\r\n',
    '..',
    '/',
    '\\',
    '\u202e',
    '𝒳',
    '\ud800',
  ],
  ...[
    "' or 1 eq 1 or '",
    '-1',
    '0',
    '1e9',
    '99999999999',
    'NaN',
    'null',
    'true',
    '[]',
    '{}',
    '__proto__',
    'constructor',
  ],
  ...[
    '2026-02-30',
    '2026-13-01T00:00:00Z',
    '0001-01-01',
    '9999-12-31T23:59:59.9999999Z',
    '2026-03-01T09:00:00+14:00',
  ],
  ...[
    '0.0.0.0/0',
    '::/0',
    '192.0.2.1/33',
    '::ffff:192.0.2.1',
    'a'.repeat(2001),
    'a,'.repeat(101),
    '*'.repeat(300),
  ],
  ...["operation eq 'x'", 'not (', "startswith(userId,'a') or contains(objectId,'')", '('.repeat(200)],
);

const text = fc.oneof(fc.string({ maxLength: 24 }), fc.string({ unit: 'binary', maxLength: 24 }), awkward);

/** Values as they are written in a URL: texts, or several. */
function wireValues(schema: JsonSchema, known: readonly string[]): fc.Arbitrary<string | string[]> {
  const sound = soundTexts(singleOf(schema), known, text);
  const one = fc.oneof({ weight: 6, arbitrary: sound }, { weight: 2, arbitrary: awkward }, text);
  return fc.oneof({ weight: 8, arbitrary: one }, fc.array(one, { minLength: 1, maxLength: 4 }));
}

/** Schemas of which one has to be met; none where there is only the one. */
export function alternativesOf(schema: JsonSchema): readonly unknown[] {
  const lists: readonly unknown[] = [schema['anyOf'], schema['oneOf']];
  return lists.flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
}

export function singleOf(schema: JsonSchema): JsonSchema {
  return schema['type'] === 'array' ? asRecord(schema['items']) : schema;
}

/** @param otherwise where the schema does not say more */
export function soundTexts(
  schema: JsonSchema,
  known: readonly string[],
  otherwise: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  if (known.length > 0) return fc.constantFrom(...known);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum'].map(String));
  if (schema['type'] === 'integer') return numbers(schema).map(String);
  if (schema['type'] === 'boolean') return fc.constantFrom('true', 'false');
  if (schema['format'] === 'date-time') return moments;
  if (schema['format'] === 'uuid') return fc.uuid();
  return otherwise;
}

const moments = fc
  .date({ min: new Date('2025-12-01'), max: new Date('2028-06-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

function numbers({ minimum, maximum }: JsonSchema): fc.Arbitrary<number> {
  const [min, max] = [Number(minimum ?? 0), Number(maximum ?? 10_000)];
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min - 1, min, max, max + 1));
}

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

function headerValues(parameters: readonly DescribedParameter[]) {
  const values = fc.oneof(
    visible,
    fc.constantFrom('*', '"x"', 'W/"x"', 'bytes=0-1', 'bytes=9-', 'bytes=-0', 'x'.repeat(300), '', '0'),
    fc.constantFrom('text/csv', 'application/x-ndjson', 'application/problem+json', 'application/json;q=0'),
    fc.uuid(),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  return Object.fromEntries(parameters.map(({ name }) => [name, values]));
}

/** With everything that it references inlined. */
export function bodySchemaOf(body: Operation['body'] & {}): JsonSchema {
  const definitions = new Map<string, JsonSchema>();
  const root = toJsonSchema(body, target, definitions);
  return typeof root['$ref'] === 'string' ? (definitions.get(root['$ref'].slice(2)) ?? {}) : root;
}

function bodies(schema: JsonSchema, known: Known): fc.Arbitrary<string | undefined> {
  return fc.oneof(
    { weight: 10, arbitrary: jsonOf(schema, known, '').map((value) => JSON.stringify(value)) },
    { weight: 3, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '{', 'null', '[]', '{"__proto__":{}}', `{"a":"${'x'.repeat(70_000)}"}`),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

function jsonOf(schema: JsonSchema, known: Known, name: string): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 14, arbitrary: soundJson(schema, known, name) },
    fc.jsonValue({ maxDepth: 2 }),
    awkward,
  );
}

function soundJson(schema: JsonSchema, known: Known, name: string): fc.Arbitrary<unknown> {
  const others = alternativesOf(schema);
  if (others.length > 0) return fc.oneof(...others.map((other) => jsonOf(asRecord(other), known, name)));
  switch (schema['type']) {
    case 'object':
      return objects(schema, known);
    case 'array':
      return fc.array(jsonOf(asRecord(schema['items']), known, name), { maxLength: 3 });
    default:
      return scalars(schema, known[name] ?? [], text);
  }
}

/** Values that are neither lists nor objects. */
export function scalars(
  schema: JsonSchema,
  known: readonly string[],
  otherwise: fc.Arbitrary<string>,
): fc.Arbitrary<unknown> {
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (schema['type'] === 'boolean') return fc.boolean();
  if (schema['type'] === 'integer' || schema['type'] === 'number') return numbers(schema);
  return soundTexts(schema, known, otherwise);
}

function objects(schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  const members = Object.entries(asRecord(schema['properties'])).map(
    ([name, member]) => [name, jsonOf(asRecord(member), known, name)] as const,
  );
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const [few, all] = [{ requiredKeys: required }, { requiredKeys: [] }];
  const record = Object.fromEntries(members);
  return fc.oneof({ weight: 6, arbitrary: fc.record(record, few) }, fc.record(record, all));
}
