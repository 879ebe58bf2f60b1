/** The filters of a query of records: typed, and parsed strictly. */
import * as z from 'zod';
import { canonicalAddress } from '../records/client-address.ts';
import { fromEntries } from '../records/member-kinds.ts';
import { codeNumbers, type CodeKind } from '../records/record-types.ts';
import { maxFilterLength, parseFilter, type FilterNode } from './filter-language/parse-filter.ts';
import { FilterSyntaxError } from './filter-language/tokens.ts';
import { codeFilters, textFilters } from './member-filters.ts';
import { looksLikeNetwork, parseNetwork } from '../records/networks.ts';
import {
  listSchema,
  momentOr,
  momentParameter,
  once,
  readParameters,
  repeatedSchema,
  valueSchema,
} from '../http/parameters.ts';

const codes = (kind: CodeKind) =>
  listSchema.transform((texts, context) =>
    texts.flatMap((text) => {
      const numbers = codeNumbers[kind](text);
      if (numbers.length === 0) context.addIssue(`contains an unknown ${kind}: ${text.slice(0, 64)}`);
      return numbers;
    }),
  );

const addresses = listSchema
  .refine(
    (texts) => texts.every((text) => canonicalAddress(text) !== undefined),
    'contains a value that is not an address',
  )
  .refine(
    (texts) => texts.every((text) => !looksLikeNetwork(text) || parseNetwork(text) !== undefined),
    'contains an invalid network; send for example 192.0.2.0/24 or 2001:db8::/32',
  );

const textParameters = fromEntries(
  textFilters.map(({ name, kind, wildcards, title, description }) => {
    const listed: z.ZodType<string[], string[]> = kind === 'address' ? addresses : listSchema;
    // URLs and patterns may contain commas.
    const schema = kind === 'url' || wildcards ? repeatedSchema : listed;
    return [name, schema.optional().meta({ title, description })];
  }),
);
const codeParameters = fromEntries(
  codeFilters.map(({ name, kind, title, description }) => [
    name,
    codes(kind).optional().meta({ title, description }),
  ]),
);

const filter = once(
  z.string().min(1, 'is empty').max(maxFilterLength, `has more than ${maxFilterLength} characters`),
).transform((text, context): FilterNode => {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    context.addIssue(`is invalid at character ${error.at + 1}: ${error.message}`);
    return z.NEVER;
  }
});

const range = {
  from: momentParameter({
    title: 'From',
    description: 'Records of this moment and later, in UTC unless it has a time zone.',
  }),
  to: momentParameter({
    title: 'To',
    description: 'Records before this moment, in UTC unless it has a time zone.',
  }),
};
const rangeOrComplete = {
  ...range,
  to: once(momentOr('complete')).optional().meta({
    title: 'To',
    description:
      "Records before this moment, in UTC unless it has a time zone; 'complete' for the completeThrough of the answer.",
  }),
};
const conditions = {
  text: once(valueSchema)
    .optional()
    .meta({ title: 'Text', description: 'Occurs anywhere in the record, in any case.' }),
  filter: filter.optional().meta({
    title: 'Filter',
    description: "A condition in OData's language, such as operation eq 'FileDeleted' and recordType ne 4.",
  }),
};

/** The filters that every query of records accepts. */
export const filterParameters = z.strictObject({
  ...rangeOrComplete,
  ids: listSchema.optional().meta({ title: 'Record IDs', description: 'IDs of records.' }),
  ...textParameters,
  ...codeParameters,
  ...conditions,
});

/** Filters with one value; all others take several, of which a record must have one. */
export const singleFilters: ReadonlySet<string> = new Set(Object.keys({ ...range, ...conditions }));

type ReadonlyLists<T> = {
  readonly [K in keyof T]: T[K] extends (infer V)[] | undefined ? readonly V[] | undefined : T[K];
};

/** Filters as they were requested: `to` may be what is complete. */
export type AskedFilters = ReadonlyLists<z.output<typeof filterParameters>>;

/** Everything that must hold of a record; of a list of values, any. Absent bounds are the first and the newest record. */
export type RecordFilters = Omit<AskedFilters, 'to'> & { readonly to?: Date | undefined };

export const rangeParameters = z.strictObject(range);

/** A range of time, half-open; see {@link RecordFilters}. */
export type TimeRange = Pick<RecordFilters, 'from' | 'to'>;

/**
 * Parses filters alone.
 * @throws RequestError 400 naming the first parameter that is unknown or malformed
 */
export function parseFilters(query: URLSearchParams): AskedFilters {
  return readParameters(filterParameters, query).parameters;
}
