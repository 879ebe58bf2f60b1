/** Reads query parameters strictly: what is not known, repeated without reason or malformed is refused by name. */
import * as z from 'zod';
import { checkApiVersion } from '../../api-version.ts';
import { invalidParameter } from '../../errors.ts';
import { isCalendarDay, maxValueLength } from '../../records/audit-record.ts';

/** How a caller writes names: `odata` with a dollar sign, and then the answer does, too. */
export type Dialect = 'plain' | 'odata';

export interface ReadParameters<T> {
  readonly parameters: T;
  readonly dialect: Dialect;
}

/** Names that may be written as OData does. */
const aliases: ReadonlyMap<string, string> = new Map(
  ['filter', 'top', 'select', 'orderby', 'skiptoken'].map((name) => [`$${name}`, name]),
);

/** Names that OData knows and that are answered elsewhere. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['$count', 'Counts are given by …/records/summary.'],
  ['$search', 'Use text to search the whole record.'],
  ['$skip', 'Follow nextLink, or narrow the range with from and to.'],
]);

const maxValues = 100;
/** Addresses may have 16,384 characters in Power Automate; a list or a token gets most of them. */
export const maxParameterLength = 14_000;

/** As long as the longest value that a list shows, which ends in an ellipsis. */
const longestValue = maxValueLength + 1;
const given = z.string().min(1, 'is empty');

/** A text that stands for itself. */
export const valueSchema = given.max(longestValue, `has a value longer than ${longestValue} characters`);

/** A parameter that is given once. */
export function once<T extends z.ZodType<unknown, string>>(schema: T) {
  return z
    .array(z.string())
    .max(1, 'is given more than once')
    .transform(([text = '']) => text)
    .pipe(schema);
}

/** Values separated by commas, in one parameter or several; one that holds a comma stands in double quotes. */
export const listSchema = z
  .array(given.max(maxParameterLength, 'is too long'))
  .transform((texts) => texts.flatMap(splitList))
  .pipe(z.array(valueSchema).min(1, 'is empty').max(maxValues, `has more than ${maxValues} values`));

/** Values that may hold commas: one in each parameter. */
export const repeatedSchema = z.array(valueSchema).max(maxValues, `has more than ${maxValues} values`);

const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?)?$/,
    'is no ISO 8601 date or date and time; send for example 2026-03-02T09:00:00Z',
  )
  .refine((text) => isCalendarDay(text.slice(0, 10)), 'is no day that exists')
  .transform((text) => new Date(/(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`))
  .refine((date) => !Number.isNaN(date.getTime()), 'is no time that exists');

/** A moment; without a zone it is UTC. */
export const momentSchema = once(moment);

/** The moment that a text is, undefined when it is none. */
export function parseMoment(text: string): Date | undefined {
  return moment.safeParse(text).data;
}

/** A whole number from 1. */
export function countSchema(max: number) {
  const message = `must be a number from 1 to ${max}`;
  return once(
    z
      .string()
      .regex(/^\d{1,4}$/, message)
      .transform(Number)
      .refine((count) => count >= 1 && count <= max, message),
  );
}

export const skipTokenSchema = once(given.max(maxParameterLength, 'is too long'));

/**
 * Parses parameters; every member of the schema takes an array of texts.
 * @throws RequestError 400 naming the first parameter that is unknown or malformed, as the caller wrote it
 */
export function readParameters<T extends z.ZodObject>(
  schema: T,
  query: URLSearchParams,
): ReadParameters<z.output<T>> {
  const names = [...new Set(query.keys())].filter((name) => name !== 'api-version');
  checkApiVersion(query);
  const written = new Map(names.map((name) => [knownName(name, schema), name]));
  const twice = names.find((name) => written.get(knownName(name, schema)) !== name);
  if (twice !== undefined) throw invalidParameter(twice, `${twice} is given under two names.`);
  const texts = [...written].map(([known, name]) => [known, query.getAll(name)] as const);
  const result = schema.safeParse(Object.fromEntries(texts));
  if (!result.success) throw toInvalidParameter(result.error, written, Object.keys(schema.shape));
  return { parameters: result.data, dialect: names.some((name) => aliases.has(name)) ? 'odata' : 'plain' };
}

function knownName(name: string, schema: z.ZodObject): string {
  const alias = aliases.get(name);
  return alias !== undefined && alias in schema.shape ? alias : name;
}

function toInvalidParameter(
  error: z.ZodError,
  written: ReadonlyMap<string, string>,
  known: readonly string[],
): Error {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    const hint = elsewhere.get(name) ?? `Known: ${known.join(', ')}.`;
    return invalidParameter(name, `There is no parameter ${name.slice(0, 64)}. ${hint}`);
  }
  const path = String(issue?.path[0] ?? 'query');
  const name = written.get(path) ?? path;
  return invalidParameter(name, `${name} ${issue?.message ?? 'is not understood'}.`);
}

function splitList(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? [];
  return parts.map((part) => unquote(part.trim())).filter((part) => part !== '');
}

function unquote(part: string): string {
  return /^"(?:[^"]|"")*"$/.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part;
}
