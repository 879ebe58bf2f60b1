/** Opens the streams of a query in one tenant: one for each value, merged newest first. */
import { invertedTime } from '../../index/keys.ts';
import type { Scan } from '../../index/record-index.ts';
import { startTurn as startTurnOfProcess, type StartTurn } from '../../turns.ts';
import { intersection, rangeOf } from '../filter-language/push-down.ts';
import type { RecordFilters, TimeRange } from '../filters.ts';
import type { FoundRecord } from '../found-record.ts';
import { createMatcher, type RecordMatcher } from '../matching/match.ts';
import { needsText, planQuery, type QueryPlan } from '../plan.ts';
import { createBudget, defaultLimits, partOf, type PageLimits, type ReadBudget } from './budget.ts';
import type { Cursors } from './cursor.ts';
import { createIdStream } from './id-stream.ts';
import { mergeStreams, type NamedStream, type RecordReader } from './merge.ts';
import { createMonthReader, withinIndex, type MonthReader } from './months.ts';
import { createRecordStream, maxPageSize, type TextUse } from './record-stream.ts';
import { createRowFilter, type TextDeps } from './row-filter.ts';

export interface QueryDeps extends TextDeps {
  readonly now: () => Date;
  /** What a page may cost. */
  readonly pageLimits?: Partial<PageLimits> | undefined;
  /** By default the turns of the process. */
  readonly startTurn?: StartTurn | undefined;
}

export interface Query {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  /** Records ingested later are left out, unless they are from before `completeThrough`. */
  readonly snapshot?: Date | undefined;
  /**
   * Older records are never left out: the host that landed them says when they were ingested, and its clock may be ahead
   * of the one that took the snapshot.
   */
  readonly completeThrough?: Date | undefined;
  /** The texts of all matching records will be read: they are read along with the rows where that is cheaper. */
  readonly withTexts?: boolean | undefined;
}

/** A query, planned and ready to be read. */
export interface QueryExecution {
  readonly deps: QueryDeps;
  readonly query: Query;
  /** Nothing outside of it can match. */
  readonly range: TimeRange;
  readonly plan: QueryPlan;
  readonly matches: RecordMatcher;
  readonly budget: ReadBudget;
  readonly months: MonthReader;
}

export interface ScanRange {
  readonly range: TimeRange;
  readonly cursors: Cursors;
  /** Records still wanted, evaluated before every storage request. */
  readonly wanted: () => number;
  /** Only records that precede this order key. */
  readonly before?: string | undefined;
  /** Replaces the budget of the execution. */
  readonly budget?: ReadBudget | undefined;
}

/** @param tenantsOf how many tenants share the budget, each with the plan's streams: {@link executionIn} reads others */
export function executeQuery(
  deps: QueryDeps,
  query: Query,
  tenantsOf: (plan: QueryPlan) => number = () => 1,
): QueryExecution {
  const { filters } = query;
  const plan = planQuery(filters);
  const bounds = filters.filter === undefined ? filters : intersection(filters, rangeOf(filters.filter));
  const { from, to } = withinIndex(bounds);
  const streams = plan.keyPrefixes.length * tenantsOf(plan);
  const budget = createBudget(deps.now, { ...defaultLimits, ...deps.pageLimits }, streams);
  const matches = createMatcher(withinIndex(filters), budget.compare);
  const months = createMonthReader(deps.index, budget);
  return { deps, query, range: { from, to }, plan, matches: inSnapshot(matches, query), budget, months };
}

/**
 * The same query in another tenant and range, within the same budget.
 * @param mustProgress see {@link partOf}
 */
export function executionIn(
  execution: QueryExecution,
  { tenantId, mustProgress }: { readonly tenantId: string; readonly mustProgress?: boolean | undefined },
  bounds: TimeRange,
): QueryExecution {
  const { from, to } = intersection(execution.range, withinIndex(bounds));
  const { query, budget } = execution;
  return {
    ...execution,
    query: { ...query, tenantId },
    range: { from, to },
    budget: partOf(budget, mustProgress),
  };
}

type Snapshot = Pick<Query, 'snapshot' | 'completeThrough'>;

function inSnapshot(matches: RecordMatcher, snapshot: Snapshot): RecordMatcher {
  if (snapshot.snapshot === undefined) return matches;
  return (record, text) => {
    const result = matches(record, text);
    return result === false || isInSnapshot(record, snapshot) ? result : false;
  };
}

/** Whether the record is shown by a page of that snapshot. */
export function isInSnapshot(
  record: Pick<FoundRecord, 'createdDateTime' | 'ingestedDateTime'>,
  { snapshot, completeThrough = new Date(0) }: Snapshot,
): boolean {
  if (snapshot === undefined || record.createdDateTime < completeThrough) return true;
  return record.ingestedDateTime <= snapshot;
}

export async function openReader(execution: QueryExecution, scanRange: ScanRange): Promise<RecordReader> {
  const streams = await openStreams(execution, scanRange);
  const { before } = scanRange;
  return mergeStreams(streams, (key) => before !== undefined && key >= before);
}

async function openStreams(execution: QueryExecution, scanRange: ScanRange): Promise<readonly NamedStream[]> {
  const { deps, plan, query } = execution;
  const { index, startTurn = startTurnOfProcess } = deps;
  const { filters, tenantId } = query;
  const { ids } = filters;
  const matches = inRange(execution.matches, scanRange.range);
  const keepsTimeRows = query.withTexts === true;
  const needsTexts = needsText(filters);
  const rowFilter = createRowFilter(deps, { tenantId, matches, needsTexts, keepsTimeRows });
  const budget = scanRange.budget ?? execution.budget;
  if (ids !== undefined) {
    const resume = scanRange.cursors[''];
    const stream = createIdStream({ index, tenantId, rowFilter, budget, startTurn, ids, resume });
    return [{ name: '', stream }];
  }
  const months = await execution.months(tenantId, scanRange.range);
  const share = plan.keyPrefixes.length;
  return plan.keyPrefixes.map((prefix, at) => ({
    name: String(at),
    stream: createRecordStream({
      index,
      tenantId,
      rowFilter,
      budget,
      startTurn,
      prefix,
      months,
      texts: textUse(execution),
      resume: scanRange.cursors[String(at)],
      scan: { dimension: plan.dimension, where: plan.where, ...keyRange(prefix, scanRange) },
      pageSize: () => pageSize(scanRange.wanted(), share, plan.isExact),
    }),
  }));
}

function textUse({ plan, query }: QueryExecution): TextUse {
  if (needsText(query.filters)) return 'filter';
  return query.withTexts === true && plan.dimension === 'time' ? 'result' : 'none';
}

/** Records named by their ids are read whatever their time, so the range is checked here as well. */
function inRange(matches: RecordMatcher, { from, to }: TimeRange): RecordMatcher {
  return (record, text) => {
    const { createdDateTime: created } = record;
    const isInside = (from === undefined || created >= from) && (to === undefined || created < to);
    return isInside ? matches(record, text) : false;
  };
}

/** Pages whose rows are filtered here must not be tiny: a request costs the same for one row and a hundred. */
const minFilteredRows = 100;

/** Storage returns at most 1,000 rows a page; several streams share the wanted records, with some margin. */
function pageSize(wanted: number, share: number, isExact: boolean): number {
  const fair = share === 1 ? wanted : Math.ceil((wanted * 1.2) / share) + 1;
  return Math.min(Math.max(1, fair, isExact ? 1 : minFilteredRows), maxPageSize);
}

/** Row keys that enclose the range. Ids follow `_`, and nothing sorts between `_` and the backtick. */
function keyRange(
  prefix: string,
  { range: { from, to }, before }: ScanRange,
): Pick<Scan, 'after' | 'before'> {
  const start = to === undefined ? prefix : `${prefix}${invertedTime(to)}\``;
  const end = from === undefined ? `${prefix}:` : `${prefix}${invertedTime(from)}\``;
  // A record of another tenant may have the same position, so this one is read as well.
  const last = before === undefined ? end : `${prefix}${before.split(' ')[0] ?? ''}!`;
  return { after: start, before: last < end ? last : end };
}
