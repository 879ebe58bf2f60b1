/**
 * A report as data: everything that its forms show (JSON, a page to print, CSV, a workbook, the console), and nothing
 * else. It is JSON: moments are texts in UTC, as `toISOString` writes them. Texts may contain anything that records do.
 */
import * as z from 'zod';

/** UTF-16 code units of a cell or a paragraph; `cutText` shortens a longer text, and says so in it. */
export const maxTextCharacters = 1000;
/** Points of a chart; those of three months of days fit, also where every day has a bar. */
export const maxChartPoints = 400;
/** Lines of a chart, or parts of its bars, that eyes can tell apart. */
export const maxChartSeries = 8;

/**
 * What the cells of a column are. `count` and `bytes`: numbers; `moment`: in UTC; `day`: `yyyy-MM-dd`; `person`: who acted
 * or was acted on, as a name; `record`: the ID of a record of the tenant; `severity`: one of {@link severities}; `sentence`:
 * a text that needs room; `text`: everything else.
 */
export const columnKinds = [
  'text',
  'sentence',
  'count',
  'bytes',
  'moment',
  'day',
  'person',
  'record',
  'severity',
] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** How bad something is, the worst first. `ok`: it was checked, and nothing is wrong. */
export const severities = ['critical', 'warning', 'notice', 'ok'] as const;
export type Severity = (typeof severities)[number];

/** Names are for programs: columns of CSV, sheets of a workbook, `?table=`. */
const nameSchema = z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/);
const textSchema = z.string().max(maxTextCharacters);

export const columnSchema = z.strictObject({
  name: nameSchema.meta({ description: 'Name of the column in CSV.' }),
  title: textSchema,
  kind: z.enum(columnKinds).meta({
    id: 'ReportColumnKind',
    description:
      "What the cells are: numbers (count, bytes), a time in UTC (moment), a day, a person's name, the ID of a record, a severity, or a text.",
  }),
});
export type Column = Readonly<z.infer<typeof columnSchema>>;

/** `null`: unknown, or does not apply. */
export const cellSchema = z.union([z.string().max(maxTextCharacters), z.number(), z.null()]);
export type Cell = z.infer<typeof cellSchema>;

/** What a table is about, before it has rows. */
export const tableHeadSchema = z.strictObject({
  name: nameSchema.meta({ description: 'Name of the table, for the parameter table of CSV.' }),
  title: textSchema,
  columns: z.array(columnSchema).min(1).readonly(),
});
export type TableHead = Readonly<z.infer<typeof tableHeadSchema>>;

export const tableSchema = tableHeadSchema.extend({
  rows: z
    .array(z.array(cellSchema).readonly())
    .readonly()
    .meta({ description: 'A cell for each column; null: unknown, or does not apply.' }),
  omitted: z.int().min(0).meta({
    description: 'Rows that there are in addition, and that the report counts but does not list.',
  }),
});
export type Table = Readonly<z.infer<typeof tableSchema>>;

/** `bars`: side by side; `stackedBars`: the series of a point are parts of a whole; `lines`: over time. */
export const chartKinds = ['bars', 'stackedBars', 'lines'] as const;

export const chartSchema = z.strictObject({
  name: nameSchema,
  title: textSchema,
  kind: z.enum(chartKinds).meta({ id: 'ReportChartKind' }),
  x: z.strictObject({
    title: textSchema,
    values: z.array(textSchema).max(maxChartPoints).readonly(),
  }),
  series: z
    .array(
      z.strictObject({
        name: nameSchema,
        title: textSchema,
        values: z.array(z.number().min(0)).readonly().meta({ description: 'A number for each value of x.' }),
      }),
    )
    .max(maxChartSeries)
    .readonly(),
});
export type Chart = Readonly<z.infer<typeof chartSchema>>;

export const sectionSchema = z.strictObject({
  name: nameSchema,
  title: textSchema,
  paragraphs: z.array(textSchema).readonly().meta({ description: 'Plain text.' }),
  tables: z.array(tableSchema).readonly(),
  charts: z.array(chartSchema).readonly(),
});
export type Section = Readonly<z.infer<typeof sectionSchema>>;

/** A range of time, half-open, whose records may be missing from what was read, and why. */
export const gapSchema = z.strictObject({
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  reason: textSchema,
});
export type ReportGap = Readonly<z.infer<typeof gapSchema>>;

/** What the report says about one tenant. The members about completeness mean what they mean of an export. */
export const tenantReportSchema = z.strictObject({
  tenantId: z.guid(),
  displayName: z.string(),
  completeThrough: z.iso.datetime().optional(),
  isPartial: z.boolean(),
  isPending: z.boolean(),
  hasGaps: z.boolean(),
  gaps: z.array(gapSchema).readonly(),
  /** Of `gaps`, beyond those that are listed. */
  gapsOmitted: z.int().min(0),
  noReport: textSchema.optional().meta({
    description: 'Why there is no report on this tenant, of several; absent: there is one.',
  }),
  sections: z.array(sectionSchema).readonly(),
});
export type TenantReport = Readonly<z.infer<typeof tenantReportSchema>>;

/** A report without its tenants, which forms take one at a time. */
export const reportHeadSchema = z.strictObject({
  /** Name of its kind. */
  kind: z.string(),
  title: textSchema,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Who requested it, as operations say it, and when. */
  createdBy: z.string(),
  createdDateTime: z.iso.datetime(),
});
export type ReportHead = Readonly<z.infer<typeof reportHeadSchema>>;

/** A whole report. */
export const reportSchema = reportHeadSchema.extend({ tenants: z.array(tenantReportSchema).readonly() });
