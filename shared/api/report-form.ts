/** What reports on one tenant and on several take and answer. */
import * as z from 'zod';
import { describeIssue } from '../describe-issue.ts';
import { choice, once } from '../http/parameters.ts';
import { reportFormats } from '../reports/forms/formats.ts';
import { reportKinds } from '../reports/kinds/kinds.ts';
import type { ReportRequest } from '../reports/report.ts';
import { content } from './answers.ts';
import { momentText, momentWire as wire } from './moments-in-bodies.ts';

const [first, ...others] = reportKinds;

const kind = z.enum([first.name, ...others.map(({ name }) => name)]).meta({
  id: 'ReportKind',
  title: 'Kind',
  description: reportKinds.map(({ name, description }) => `${name}: ${description}`).join(' '),
  'x-ms-enum-values': reportKinds.map(({ name, title }) => ({ value: name, displayName: title })),
  // For programs that let people choose: the console.
  'x-report-kinds': reportKinds.map(({ name, title, description, options: { shape }, tables }) => ({
    name,
    title,
    description,
    options: Object.keys(shape),
    tables: tables.map((table) => ({ name: table.name, title: table.title })),
  })),
});

/** A default would look like an option that was sent, and be refused for other kinds. */
function withoutDefault(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  const meaning = z.globalRegistry.get(schema);
  const absent = z.optional(inner);
  return meaning === undefined ? absent : absent.meta(meaning);
}

/** Those of all kinds; which of them a kind has is checked when the request is. */
const options = Object.fromEntries(
  reportKinds.flatMap((each) =>
    Object.entries<z.core.$ZodType>(each.options.shape).map(([name, schema]) => [
      name,
      withoutDefault(schema),
    ]),
  ),
);

/** Members of a body that choose a report, and not its range. */
export const reportChoice = {
  kind,
  options: z.record(z.string(), z.unknown()).optional().meta({
    description: 'The options of the kind: members that a request for such a report has next to it.',
  }),
};

/** Members of the body that say what to compute. */
export const reportForm = {
  kind,
  from: momentText.meta({
    title: 'From',
    wire,
    description: 'The beginning of the range, in UTC unless it has a time zone.',
  }),
  to: momentText.meta({
    title: 'To',
    wire,
    description: 'The end of the range, which is not part of it, in UTC unless it has a time zone.',
  }),
  ...options,
};

/** The same for makers of flows. */
export const reportFormOfMaker = {
  kind,
  from: z.string().meta({ title: 'From', format: 'date-time', description: 'The beginning of the range.' }),
  to: z.string().meta({
    title: 'To',
    format: 'date-time',
    description: 'The end of the range, which is not part of it.',
  }),
  ...options,
};

type Given = Readonly<Record<string, unknown>> & Pick<ReportRequest, 'kind' | 'from' | 'to'>;

const json = z.record(z.string(), z.json());

const dayMs = 24 * 60 * 60_000;
/** Ten years, for which Microsoft retains records at most; what is computed by day or by check is bounded by it. */
const maxDays = 3660;
const tooLong = `must be at most ${maxDays.toLocaleString('en-US')} days later than from`;

/** Checks the range and the options by the kind. */
export function toReportRequest(
  { kind: name, from, to, ...given }: Given,
  context: z.core.$RefinementCtx,
): ReportRequest {
  if (from >= to) context.issues.push(issue('to', 'must be later than from'));
  if (to.getTime() - from.getTime() > maxDays * dayMs) context.issues.push(issue('to', tooLong));
  return { kind: name, from, to, options: optionsOf(name, given, context) };
}

/** Checks those that were sent by the kind. */
function optionsOf(
  name: string,
  given: Readonly<Record<string, unknown>>,
  context: z.core.$RefinementCtx,
): ReportRequest['options'] {
  const wanted = Object.entries(given).filter(([, value]) => value !== undefined);
  const schema = reportKinds.find((each) => each.name === name)?.options;
  const parsed = schema?.safeParse(Object.fromEntries(wanted), { error: describeIssue });
  for (const found of parsed?.error?.issues ?? []) context.issues.push(issue(memberOf(found), found.message));
  return json.parse(parsed?.data ?? {});
}

interface Chosen {
  readonly kind: string;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** A kind and its options in one member each, checked as those of a report. */
export function withOptions<T extends Chosen>(given: T, context: z.core.$RefinementCtx) {
  return { ...given, options: optionsOf(given.kind, given.options ?? {}, context) };
}

/** As {@link withOptions} of a body that need not have a kind; without it, it has no options. */
export function withOptionsIfAny<T extends { readonly [K in keyof Chosen]?: Chosen[K] | undefined }>(
  given: T,
  context: z.core.$RefinementCtx,
) {
  const { kind: name, options: sent } = given;
  if (name !== undefined) return { ...given, options: optionsOf(name, sent ?? {}, context) };
  if (sent !== undefined) context.issues.push(issue('kind', 'must be sent together with options'));
  return { ...given, options: undefined };
}

/** Options of other kinds are unknown to this one, and have no path. */
function memberOf(found: z.core.$ZodIssue): string {
  const unknown = found.code === 'unrecognized_keys' ? found.keys[0] : undefined;
  return unknown ?? found.path.join('.');
}

function issue(at: string, message: string) {
  return { code: 'custom', input: undefined, path: at === '' ? [] : [at], message } as const;
}

/** Query parameters of the content. */
export const contentParameters = {
  format: choice(z.enum(reportFormats).meta({ id: 'ReportFormat' }))
    .optional()
    .meta({
      title: 'Format',
      description:
        'json: the document; html: a page to read and print; csv: one table; xlsx: a workbook. json by default.',
    }),
  table: once(z.string())
    .optional()
    .meta({ title: 'Table', description: 'Name of the table, for csv; the main one by default.' }),
};

export const reportContent = content(
  'The report.',
  [
    'application/json',
    'text/html',
    'text/csv',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  ['Content-Disposition', 'Content-Security-Policy', 'Referrer-Policy'],
  // A document as JSON, and texts and files in other formats.
  z.unknown(),
);
