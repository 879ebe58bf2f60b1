/** The filters of a list as members of a body. */
import * as z from 'zod';
import { filterParameters, singleFilters } from '../query/filters.ts';

const text = z.string();
const textOrList = z.union([text, z.array(text).min(1)], 'must be a string or a list of strings');

const single = { type: 'string' };
const list = { type: 'array', items: { type: 'string' }, minItems: 1 };

/**
 * A list is described as one, and a single value as a string. Both are accepted for either: a list written as one
 * text, as in an address, or one text in a list.
 */
export const bodyFilters = filtersAs(textOrList, (name) => (singleFilters.has(name) ? single : list)).meta({
  id: 'RecordFilters',
  description: 'The parameters of a list of records.',
});

/** The same for makers of flows, who fill in text boxes. */
export const makerFilters = filtersAs(text, () => undefined);

/** @param wire what is described in place of the schema that parses it */
function filtersAs<T extends z.ZodType>(
  value: T,
  wire: (name: string) => object | undefined,
): z.ZodObject<Record<string, z.ZodOptional<T>>, z.core.$strict> {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(filterParameters.shape).map(([name, schema]) => {
        const { title, description } = schema.meta() ?? {};
        const meanings = Object.entries({ title, description, wire: wire(name) });
        const given = meanings.filter(([, meaning]) => meaning !== undefined);
        return [name, value.optional().meta(Object.fromEntries(given))] as const;
      }),
    ),
  );
}

/** Members that are there. */
export function defined<T>(members: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/** The filters of a saved search. */
export const searchFilters = bodyFilters.transform(defined);
