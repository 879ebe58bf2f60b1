/** Parameters of an operation, one by one. */
import * as z from 'zod';
import type { JsonSchema } from './json-schema.ts';
import type { Operation } from './operation.ts';

export interface DescribedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** In the order in which an operation names them, those of the path first. */
export function parametersOf(
  { route, parameters, headers }: Operation,
  toSchema: (schema: z.ZodType) => JsonSchema,
): readonly DescribedParameter[] {
  const describe = (name: string, given: unknown, place: DescribedParameter['in']): DescribedParameter => {
    const schema = z.instanceof(z.ZodType).parse(given);
    const required = place === 'path' || !schema.safeParse(undefined).success;
    return { name, in: place, required, schema: toSchema(schema) };
  };
  const list = (object: z.ZodObject | undefined, placeOf: (name: string) => DescribedParameter['in']) =>
    Object.entries(object?.shape ?? {}).map(([name, schema]) => describe(name, schema, placeOf(name)));
  return [
    ...list(parameters, (name) => (route.includes(`{${name}}`) ? 'path' : 'query')),
    ...list(headers, () => 'header'),
  ];
}
