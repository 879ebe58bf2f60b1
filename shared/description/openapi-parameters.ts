/** Parameters in the OpenAPI document: those that several operations share are there once. */
import type { Operation } from '../api/operation.ts';
import { exampleOfParameter } from './examples.ts';
import { asRecord, wireSchema, type JsonSchema } from './json-schema.ts';
import { named, pascalCase, type SchemaNames } from './named-parts.ts';
import { input } from './openapi-targets.ts';
import { parametersOf, type DescribedParameter } from './parameters.ts';

export interface SharedParameters {
  /** By name. */
  readonly components: ReadonlyMap<string, JsonSchema>;
  /** References to shared ones, and those of the operation alone. */
  of(operation: Operation): readonly JsonSchema[];
}

/** @param names receives the schemas of parameters that need a name */
export function createParameters(operations: readonly Operation[], names: SchemaNames): SharedParameters {
  const describe = (operation: Operation) => describeParameters(operation, names);
  const components = shared(operations, describe);
  const byText = new Map([...components].map(([name, parameter]) => [JSON.stringify(parameter), name]));
  return {
    components,
    of: (operation) =>
      describe(operation).map((parameter) => {
        const name = byText.get(JSON.stringify(parameter));
        return name === undefined ? parameter : { $ref: `#/components/parameters/${name}` };
      }),
  };
}

/** Those that occur more than once. Of several with one name the first gets it; the others begin with an operation's. */
function shared(
  operations: readonly Operation[],
  describe: (operation: Operation) => readonly NamedParameter[],
): ReadonlyMap<string, JsonSchema> {
  const components = new Map<string, NamedParameter>();
  const seen = new Set<string>();
  const taken = new Set<string>();
  for (const operation of operations) {
    for (const parameter of describe(operation)) {
      const text = JSON.stringify(parameter);
      if (seen.has(text) && !taken.has(text)) {
        components.set(freeName(components, operation, parameter), parameter);
        taken.add(text);
      }
      seen.add(text);
    }
  }
  return components;
}

function freeName(components: ReadonlyMap<string, unknown>, { id }: Operation, parameter: NamedParameter) {
  const name = pascalCase(parameter.name);
  return components.has(name) ? `${id}${name}` : name;
}

type NamedParameter = JsonSchema & Pick<DescribedParameter, 'name'>;

function describeParameters(operation: Operation, names: SchemaNames): readonly NamedParameter[] {
  return parametersOf(operation, (schema) => wireSchema(schema, input)).map((parameter) => {
    const { description, title, ...rest } = parameter.schema;
    // Several values are sent one by one, or separated by commas.
    const isList = parameter.in === 'query' && rest['type'] === 'array';
    return {
      ...parameter,
      description: description ?? title,
      style: isList ? 'form' : undefined,
      explode: isList ? true : undefined,
      schema: named(
        rest,
        nameOfSame(rest, names) ?? nameOfNew(operation, parameter.name, rest, names),
        names,
      ),
      example: parameter.required ? exampleOfParameter(parameter.name) : undefined,
    };
  });
}

/** Parameters of the same name may have other values in another operation. */
function nameOfNew(
  { id }: Operation,
  parameter: string,
  schema: JsonSchema,
  { schemas }: SchemaNames,
): string {
  const name = pascalCase(parameter);
  const values = 'enum' in schema ? schema['enum'] : asRecord(schema['items'] ?? {})['enum'];
  const known = schemas.get(name)?.['enum'];
  return known === undefined || JSON.stringify(known) === JSON.stringify(values) ? name : `${id}${name}`;
}

/** An enumeration that answers have as well is the same type. */
function nameOfSame(schema: JsonSchema, { schemas }: SchemaNames): string | undefined {
  if (!('enum' in schema)) return undefined;
  const text = JSON.stringify(schema);
  return [...schemas].find(([, known]) => JSON.stringify(known) === text)?.[0];
}
