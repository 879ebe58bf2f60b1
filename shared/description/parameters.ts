/** Parameters of an operation, one by one. */
import * as z from 'zod';
import type { JsonSchema } from './json-schema.ts';
import { pathNames, type Operation } from '../api/operation.ts';
import { pathParameters } from '../api/path-parameters.ts';

export interface DescribedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** Path parameters first, then query parameters and headers in declared order. */
export function parametersOf(
  { route, query, headers }: Operation,
  toSchema: (schema: z.ZodType) => JsonSchema,
): readonly DescribedParameter[] {
  const list = (place: DescribedParameter['in'], shape: z.core.$ZodShape = {}) =>
    Object.entries(shape).map(([name, given]): DescribedParameter => {
      const schema = z.instanceof(z.ZodType).parse(given);
      const required = place === 'path' || !schema.safeParse(undefined).success;
      return { name, in: place, required, schema: toSchema(schema) };
    });
  const ofPath = Object.entries(pathParameters).filter(([name]) => pathNames(route).includes(name));
  return [
    ...list('path', Object.fromEntries(ofPath)),
    ...list('query', query?.shape),
    ...list('header', headers?.shape),
  ];
}
