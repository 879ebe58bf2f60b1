/** What a caller may ask of the records: parameters, parsed strictly. */
import { z } from 'zod';
import { invalidParameter } from '../errors.ts';
import { isCalendarDay, maxValueLength } from '../records/audit-record.ts';
import { canonicalAddress } from '../records/client-address.ts';
import { recordTypeNumbers } from '../records/record-types.ts';

/** Everything that must hold of a record; a list means any of its values. */
export interface RecordFilters {
  /** Inclusive; absent: from the first record. */
  readonly from?: Date | undefined;
  /** Exclusive; absent: to the newest record. */
  readonly to?: Date | undefined;
  readonly users?: readonly string[] | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly service?: readonly string[] | undefined;
  readonly recordType?: readonly number[] | undefined;
  readonly objectId?: string | undefined;
  readonly siteUrl?: string | undefined;
  readonly mailbox?: readonly string[] | undefined;
  readonly clientIp?: readonly string[] | undefined;
  readonly resultStatus?: readonly string[] | undefined;
}

export interface RecordQuery {
  readonly filters: RecordFilters;
  readonly top: number;
  readonly skipToken?: string | undefined;
}

export const maxTop = 1000;
const defaultTop = 100;
const maxValues = 100;
/** Addresses may have 16,384 characters in Power Automate; a list or a token gets most of them. */
const maxParameterLength = 14_000;

/** As long as the longest value that a list shows, which ends in an ellipsis. */
const longestValue = maxValueLength + 1;
const value = z
  .string()
  .min(1, 'is empty')
  .max(longestValue, `has a value longer than ${longestValue} characters`);

const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?)?$/,
    'is no ISO 8601 date or date and time; send for example 2026-03-02T09:00:00Z',
  )
  .refine((text) => isCalendarDay(text.slice(0, 10)), 'is no day that exists')
  .transform((text) => new Date(/(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`))
  .refine((date) => !Number.isNaN(date.getTime()), 'is no time that exists');

const values = z
  .string()
  .min(1, 'is empty')
  .max(maxParameterLength, 'is too long')
  .transform(splitList)
  .pipe(z.array(value).min(1).max(maxValues, `has more than ${maxValues} values`));

const recordTypes = values.transform((texts, context) =>
  texts.flatMap((text) => {
    const numbers = recordTypeNumbers(text);
    if (numbers.length === 0) context.addIssue(`names a record type that is not known: ${text.slice(0, 64)}`);
    return numbers;
  }),
);

const addresses = values.refine(
  (texts) => texts.every((text) => canonicalAddress(text) !== undefined),
  'has a value that is no address',
);

const parameters = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  users: values.optional(),
  operations: values.optional(),
  service: values.optional(),
  recordType: recordTypes.optional(),
  objectId: value.optional(),
  siteUrl: value.optional(),
  mailbox: values.optional(),
  clientIp: addresses.optional(),
  resultStatus: values.optional(),
  top: z
    .string()
    .regex(/^\d{1,4}$/, `must be a number from 1 to ${maxTop}`)
    .transform(Number)
    .refine((top) => top >= 1 && top <= maxTop, `must be a number from 1 to ${maxTop}`)
    .default(defaultTop),
  skiptoken: z.string().min(1, 'is empty').max(maxParameterLength, 'is too long').optional(),
});

const rangeParameters = parameters.pick({ from: true, to: true });

/** A range of time, half-open; see {@link RecordFilters}. */
export type TimeRange = Pick<RecordFilters, 'from' | 'to'>;

/**
 * Parses the parameters of a list of records.
 * @throws RequestError 400 naming the first parameter that is unknown, repeated or malformed
 */
export function parseRecordQuery(query: URLSearchParams): RecordQuery {
  const { top, skiptoken, ...filters } = parseParameters(parameters, query);
  checkRange(filters);
  return { filters, top, skipToken: skiptoken };
}

/** Parses `from` and `to` alone. @throws RequestError 400 as {@link parseRecordQuery} */
export function parseRange(query: URLSearchParams): TimeRange {
  const { from, to } = parseParameters(rangeParameters, query);
  checkRange({ from, to });
  return { from, to };
}

function parseParameters<T extends z.ZodObject>(schema: T, query: URLSearchParams): z.output<T> {
  for (const name of query.keys()) {
    if (query.getAll(name).length > 1) {
      throw invalidParameter(name, `${name} is given more than once; separate values by commas.`);
    }
  }
  // There is one version so far: whichever is named is this one.
  const named = [...query].filter(([name]) => name !== 'api-version');
  const result = schema.safeParse(Object.fromEntries(named));
  if (!result.success) throw toInvalidParameter(result.error, Object.keys(schema.shape));
  return result.data;
}

function checkRange({ from, to }: TimeRange): void {
  if (from !== undefined && to !== undefined && from >= to) {
    throw invalidParameter(
      'to',
      'to must be later than from; the range is from (inclusive) to to (exclusive).',
    );
  }
}

function toInvalidParameter(error: z.ZodError, known: readonly string[]): Error {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    return invalidParameter(name, `There is no parameter ${name.slice(0, 64)}. Known: ${known.join(', ')}.`);
  }
  const name = String(issue?.path[0] ?? 'query');
  return invalidParameter(name, `${name} ${issue?.message ?? 'is not understood'}.`);
}

/** Values separated by commas; one that holds a comma stands in double quotes, doubled inside. */
function splitList(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? [];
  return parts.map((part) => unquote(part.trim())).filter((part) => part !== '');
}

function unquote(part: string): string {
  return /^"(?:[^"]|"")*"$/.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part;
}
