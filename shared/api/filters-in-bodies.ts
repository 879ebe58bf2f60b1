/** The filters of a list as members of a body. */
import * as z from 'zod';
import { filterParameters } from '../query/filters.ts';

const text = z.string();

/** One text as it would be written in an address, or several. */
export const bodyFilters = filtersAs(
  z.union([text, z.array(text).min(1)], 'must be a string or a list of strings'),
);

/** The same for makers of flows, who fill in text boxes. */
export const makerFilters = filtersAs(text);

function filtersAs<T extends z.ZodType>(
  value: T,
): z.ZodObject<Record<string, z.ZodOptional<T>>, z.core.$strict> {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(filterParameters.shape).map(([name, schema]) => {
        const { title, description } = schema.meta() ?? {};
        return [
          name,
          value.optional().meta({ ...(title === undefined ? {} : { title }), description }),
        ] as const;
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
