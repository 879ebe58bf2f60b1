/** Opens what a question has to read: a stream for each tenant and value, merged newest first. */
import { createHash } from 'node:crypto';
import pMap from 'p-map';
import { invertedTime } from '../../index/keys.ts';
import type { Scan } from '../../index/record-index.ts';
import type { RecordFilters, TimeRange } from '../filters.ts';
import { narrower, rangeOf } from '../filter-language/push-down.ts';
import { createMatcher, type RecordMatcher } from '../matching/match.ts';
import { maxStreams, needsText, planQuery, type QueryPlan } from '../plan.ts';
import { createBudget, defaultLimits, type PageLimits, type ReadBudget } from './budget.ts';
import { createIdStream } from './id-stream.ts';
import { mergeStreams, type NamedStream, type RecordReader } from './merge.ts';
import { createMonthReader, withinIndex, type MonthReader } from './months.ts';
import type { Places } from './place.ts';
import { createRecordStream, maxPageSize } from './record-stream.ts';
import { createSifter, type TextDeps } from './sifter.ts';

export interface AskDeps extends TextDeps {
  readonly now: () => Date;
  /** What a page may cost. */
  readonly pageLimits?: PageLimits | undefined;
}

export interface Question {
  readonly tenantIds: readonly string[];
  readonly filters: RecordFilters;
  /** Records ingested later are left out. */
  readonly snapshot?: Date | undefined;
}

/** A question, ready to be read. */
export interface Asking {
  readonly deps: AskDeps;
  readonly question: Question;
  /** Outside of it there is nothing to find. */
  readonly range: TimeRange;
  readonly plan: QueryPlan;
  readonly matches: RecordMatcher;
  readonly budget: ReadBudget;
  readonly months: MonthReader;
}

export interface Opening {
  readonly range: TimeRange;
  readonly places: Places;
  /** Records still wanted, asked anew for every storage request. */
  readonly wanted: () => number;
  /** Only records that come before this one in the order of keys. */
  readonly before?: string | undefined;
  /** Instead of the question's own. */
  readonly budget?: ReadBudget | undefined;
}

/** Streams of all tenants together; each shows a record before the newest of all is known. */
const maxStreamsOfAll = 200;
const tenantsAtOnce = 16;

export function ask(deps: AskDeps, question: Question): Asking {
  const { filters, tenantIds, snapshot } = question;
  const share = Math.max(1, Math.floor(maxStreamsOfAll / Math.max(1, tenantIds.length)));
  const plan = planQuery(filters, Math.min(maxStreams, share));
  const asked = filters.filter === undefined ? filters : narrower(filters, rangeOf(filters.filter));
  const { from, to } = withinIndex(asked);
  const streams = plan.keyPrefixes.length * tenantIds.length;
  const budget = createBudget(deps.now, deps.pageLimits ?? defaultLimits, streams);
  const matches = createMatcher(withinIndex(filters));
  const isIngested: RecordMatcher = (record, text) =>
    snapshot === undefined || record.ingestedDateTime <= snapshot ? matches(record, text) : false;
  const months = createMonthReader(deps.index, budget);
  return { deps, question, range: { from, to }, plan, matches: isIngested, budget, months };
}

export async function openReader(asking: Asking, opening: Opening): Promise<RecordReader> {
  const { tenantIds } = asking.question;
  const streams = await pMap(tenantIds, (tenantId) => streamsOfTenant(asking, opening, tenantId), {
    concurrency: tenantsAtOnce,
  });
  const { before } = opening;
  return mergeStreams(streams.flat(), (key) => before !== undefined && key >= before);
}

async function streamsOfTenant(
  asking: Asking,
  opening: Opening,
  tenantId: string,
): Promise<readonly NamedStream[]> {
  const { deps, plan, question } = asking;
  const sifter = createSifter(deps, tenantId, inRange(asking.matches, opening.range));
  const name = question.tenantIds.length === 1 ? '' : `${shortName(tenantId)}.`;
  const budget = opening.budget ?? asking.budget;
  const common = { index: deps.index, tenantId, sifter, budget };
  const { ids } = question.filters;
  if (ids !== undefined) {
    return [{ name, stream: createIdStream({ ...common, ids, resume: opening.places[name] }) }];
  }
  const months = await asking.months(tenantId, opening.range);
  const share = plan.keyPrefixes.length * question.tenantIds.length;
  return plan.keyPrefixes.map((prefix, at) => ({
    name: `${name}${at}`,
    stream: createRecordStream({
      ...{ ...common, prefix, months, searchesTexts: needsText(question.filters) },
      ...{ resume: opening.places[`${name}${at}`] },
      scan: { dimension: plan.dimension, where: plan.where, ...keyRange(prefix, opening) },
      pageSize: () => pageSize(opening.wanted(), share, plan.isExact),
    }),
  }));
}

/** Records that are named by their ids are read whatever their time. */
function inRange(matches: RecordMatcher, { from, to }: TimeRange): RecordMatcher {
  return (record, text) => {
    const { createdDateTime: created } = record;
    const isInside = (from === undefined || created >= from) && (to === undefined || created < to);
    return isInside ? matches(record, text) : false;
  };
}

/** Keeps a place in a next link short; a tenant may come or go between two pages. */
function shortName(tenantId: string): string {
  return createHash('sha256').update(tenantId).digest('base64url').slice(0, 8);
}

/** Pages that are compared here should not be tiny: a request costs the same for one row and a hundred. */
const minComparedRows = 100;

/** Storage gives at most 1,000 rows a page; several streams share what is wanted, with something to spare. */
function pageSize(wanted: number, share: number, isExact: boolean): number {
  const fair = share === 1 ? wanted : Math.ceil((wanted * 1.2) / share) + 1;
  return Math.min(Math.max(1, fair, isExact ? 1 : minComparedRows), maxPageSize);
}

/** Row keys between which the range lies. Ids follow `_`, and nothing sorts between `_` and the backtick. */
function keyRange(prefix: string, { range: { from, to }, before }: Opening): Pick<Scan, 'after' | 'before'> {
  const start = to === undefined ? prefix : `${prefix}${invertedTime(to)}\``;
  const end = from === undefined ? `${prefix}:` : `${prefix}${invertedTime(from)}\``;
  // Another tenant's record may have the same position, so this one is read, too.
  const given = before === undefined ? end : `${prefix}${before.split(' ')[0] ?? ''}!`;
  return { after: start, before: given < end ? given : end };
}
