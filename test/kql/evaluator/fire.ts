/** Evaluates a rule like Azure Monitor: over its window, by its dimensions. */
import { minutesOf, type LogRule } from '../alert-rules.ts';
import { runQuery } from './run-query.ts';
import { textOf, type Bag, type Row } from './scalars.ts';

/** One row of AppEvents or AppMetrics. */
export interface Reported {
  readonly table: 'AppEvents' | 'AppMetrics';
  readonly name: string;
  readonly minutesAgo: number;
  /** Of metrics. */
  readonly value?: number;
  /** All texts, as telemetry arrives. */
  readonly fields: Readonly<Record<string, string>>;
}

export type Case = readonly [when: string, reported: readonly Reported[], alerts: readonly string[]];

const now = new Date('2026-03-02T12:00:00Z');

/** Values of the dimensions of each alert, such as `contoso Audit.Exchange`; one empty text where a rule has none. */
export function fire(rule: LogRule, query: string, reported: readonly Reported[]): readonly string[] {
  const seen = reported.filter(({ minutesAgo }) => minutesAgo > 0 && minutesAgo <= minutesOf(rule.window));
  const tables = {
    AppEvents: seen.filter(({ table }) => table === 'AppEvents').map(rowOf),
    AppMetrics: seen.filter(({ table }) => table === 'AppMetrics').map(rowOf),
  };
  const alerts = runQuery(query, tables, now).map((row) =>
    rule.dimensions.map((dimension) => textOf(row[dimension] ?? null)).join(' '),
  );
  return [...new Set(alerts)].sort();
}

function rowOf({ name, minutesAgo, value, fields }: Reported): Row {
  const TimeGenerated = new Date(now.getTime() - minutesAgo * 60_000);
  const Properties: Bag = fields;
  return { TimeGenerated, Name: name, Properties, ...(value === undefined ? {} : { Sum: value }) };
}
