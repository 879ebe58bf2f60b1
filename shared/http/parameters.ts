/** Reads query parameters strictly: unknown, repeated and malformed ones are refused by name. */
import * as z from 'zod';
import { invalidParameter } from '../errors.ts';
import { findLostPlus, howToWritePlus } from '../lost-plus.ts';
import { suggest } from './did-you-mean.ts';
import { describeIssue } from '../describe-issue.ts';
import { maxValueLength } from '../records/audit-record.ts';
import { isCalendarDay } from '../records/record-time.ts';

/** How a caller spells names: `odata` uses a dollar sign, and then links in the answer do, too. */
export type Dialect = 'plain' | 'odata';

export interface ReadParameters<T> {
  readonly parameters: T;
  readonly dialect: Dialect;
}

/** Names with an OData spelling. */
const aliases: ReadonlyMap<string, string> = new Map(
  ['filter', 'top', 'select', 'orderby', 'expand', 'skiptoken'].map((name) => [`$${name}`, name]),
);

/** Names that OData has and this interface has not. */
const notInOData: ReadonlyMap<string, string> = new Map([
  ['$count', 'Use …/records/summary to count.'],
  ['$search', 'Use text to search the whole record.'],
  ['$skip', 'Follow nextLink, or narrow the range with from and to.'],
]);

const maxValues = 100;
/** Filters of a saved search may be longer than fits into an address, whose limit is that of the host. */
export const maxParameterLength = 14_000;

/** As long as the longest value in a list, which ends in an ellipsis. */
const longestValue = maxValueLength + 1;
const given = z.string().min(1, 'is empty');

/** One value of a filter. */
export const valueSchema = given.max(longestValue, `has a value longer than ${longestValue} characters`);

/** A parameter that is given once. */
export function once<T extends z.ZodType<unknown, string>>(schema: T) {
  return z
    .array(z.string())
    .max(1, 'is given more than once')
    .transform(([text = '']) => text)
    .pipe(schema);
}

/** One of the values of an enumeration, which the description then names. */
export function choice<T extends z.ZodType<unknown, string>>(schema: T) {
  return z
    .array(schema)
    .max(1, 'is given more than once')
    .transform(([value]) => value);
}

/** Comma-separated values, in one parameter or several; a value with a comma is in double quotes. */
export const listSchema = z
  .array(given.max(maxParameterLength, 'is too long'))
  .transform((texts) => texts.flatMap(splitList))
  .pipe(z.array(valueSchema).min(1, 'is empty').max(maxValues, `has more than ${maxValues} values`));

/** Values that may contain commas: one in each parameter. */
export const repeatedSchema = z.array(valueSchema).max(maxValues, `has more than ${maxValues} values`);

const moment = z
  .string()
  .refine((text) => findLostPlus(text) === undefined, {
    message: `has a blank before its time zone: ${howToWritePlus}`,
    abort: true,
  })
  .toUpperCase()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:?\d{2})?)?$/,
    'must be an ISO 8601 date or date and time, for example 2026-03-02T09:00:00Z',
  )
  .refine((text) => isCalendarDay(text.slice(0, 10)), 'names a day that does not exist')
  .transform((text) => new Date(withZone(text)))
  .refine((date) => !Number.isNaN(date.getTime()), 'names a time that does not exist');

/** With a colon in its zone, which Date requires; UTC without a zone. */
function withZone(text: string): string {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  return text.includes('T') ? zoned.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : zoned;
}

interface Meaning {
  readonly title: string;
  readonly description: string;
}

/** A moment, or a word in its place. */
export function momentOr<Word extends string>(word: Word) {
  return z.string().transform((text, context): Date | Word => {
    if (text === word) return word;
    const parsed = moment.safeParse(text);
    if (parsed.success) return parsed.data;
    context.addIssue(parsed.error.issues[0]?.message ?? 'is malformed');
    return z.NEVER;
  });
}

/** A moment; without a zone it is UTC. */
export function momentParameter(meaning: Meaning) {
  return once(moment)
    .optional()
    .meta({ ...meaning, wire: { format: 'date-time' } });
}

/** Parses one moment; undefined if it is malformed. */
export function parseMoment(text: string): Date | undefined {
  return moment.safeParse(text).data;
}

/** A whole number from 1. */
export function countParameter(max: number, byDefault: number, meaning: Meaning) {
  const message = `must be a number from 1 to ${max}`;
  const count = z
    .string()
    .regex(/^\d{1,4}$/, message)
    .transform(Number)
    .refine((number) => number >= 1 && number <= max, message);
  const wire = { type: 'integer', minimum: 1, maximum: max, default: byDefault };
  return once(count)
    .default(byDefault)
    .meta({ ...meaning, wire });
}

export function skipTokenParameter(description: string) {
  return once(given.max(maxParameterLength, 'is too long'))
    .optional()
    .meta({ title: 'Skip Token', description });
}

/** For operations without parameters. */
export const noParameters = z.strictObject({});

/**
 * Parses parameters; every member of the schema takes an array of texts. A range `from`, `to` is half-open.
 * @param notHere parameters that do not apply, with the advice to give; `lenient`: ignore unknown and repeated ones
 * @throws RequestError 400 naming the first parameter that is unknown or malformed, as the caller spelled it
 */
export function readParameters<T extends z.ZodObject>(
  schema: T,
  query: URLSearchParams,
  notHere: Readonly<Record<string, string>> | 'lenient' = {},
): ReadParameters<z.output<T>> {
  const isLenient = notHere === 'lenient';
  const names = [...new Set(query.keys())].filter((name) => !isLenient || Object.hasOwn(schema.shape, name));
  const written = new Map(names.map((name) => [knownName(name), name]));
  const twice = names.find((name) => written.get(knownName(name)) !== name);
  if (twice !== undefined) throw invalidParameter(twice, `'${twice}' is given under two names.`);
  if (!isLenient) refuseUnknown(schema, written, notHere);
  const valuesOf = (name: string) => (isLenient ? query.getAll(name).slice(0, 1) : query.getAll(name));
  const texts = [...written].map(([known, name]) => [known, valuesOf(name)] as const);
  const result = schema.safeParse(Object.fromEntries(texts), { error: describeIssue });
  if (!result.success) throw toInvalidParameter(result.error, written);
  checkRange(result.data);
  return { parameters: result.data, dialect: names.some((name) => aliases.has(name)) ? 'odata' : 'plain' };
}

function knownName(name: string): string {
  return aliases.get(name) ?? name;
}

function refuseUnknown(
  { shape }: z.ZodObject,
  written: ReadonlyMap<string, string>,
  notHere: Readonly<Record<string, string>>,
): void {
  for (const [known, name] of written) {
    if (Object.hasOwn(shape, known)) continue;
    const advice =
      (Object.hasOwn(notHere, known) ? notHere[known] : undefined) ??
      notInOData.get(name) ??
      `${suggest(name, [...Object.keys(shape), 'api-version'])}.`;
    throw invalidParameter(name, `Unknown parameter '${name.slice(0, 64)}'. ${advice}`);
  }
}

/** @throws RequestError 400 if the range is empty */
function checkRange({ from, to }: Readonly<Record<string, unknown>>): void {
  if (!(from instanceof Date && to instanceof Date) || from < to) return;
  throw invalidParameter('to', "'to' must be later than 'from': the range excludes 'to'.");
}

function toInvalidParameter(error: z.ZodError, written: ReadonlyMap<string, string>): Error {
  const issue = error.issues[0];
  const path = String(issue?.path[0] ?? 'query');
  const name = written.get(path) ?? path;
  return invalidParameter(name, `'${name}' ${issue?.message ?? 'is malformed'}.`);
}

function splitList(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? [];
  return parts.map((part) => unquote(part.trim())).filter((part) => part !== '');
}

function unquote(part: string): string {
  return /^"(?:[^"]|"")*"$/.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part;
}
