/** Answers a filtered question: one page of records, newest first. */
import { earliestTime, latestTime, type AuditRecord } from '../records/audit-record.ts';
import { dateOfInverted, invertedTime, monthOf, type Month } from '../index/keys.ts';
import { unpackSummary, type PackedSummary } from '../index/packing.ts';
import type { IndexRow, RecordIndex } from '../index/record-index.ts';
import type { RecordFilters } from './filters.ts';
import { createMatcher, type RecordMatcher } from './match.ts';
import { planQuery, type QueryPlan } from './plan.ts';
import { createRowStream, type ReadBudget, type RowStream } from './row-stream.ts';
import type { QueryPosition } from './skip-token.ts';

/** A record as lists show it. */
export interface FoundRecord extends PackedSummary {
  readonly id: AuditRecord['id'];
  readonly createdDateTime: Date;
}

export interface RecordPage {
  readonly records: readonly FoundRecord[];
  /** Absent on the last page. */
  readonly next?: QueryPosition | undefined;
  /** What it cost. */
  readonly requests: number;
  readonly rowsRead: number;
}

export interface ListOptions {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  readonly top: number;
  readonly position: QueryPosition;
}

export interface ListDeps {
  readonly index: RecordIndex;
  readonly now: () => Date;
}

/** A page that reaches either limit gives what it has, with a next link; each stream adds two requests. */
const maxRequestsOfPage = 60;
const maxMs = 8_000;
/** A range over this many months or fewer is tried month by month; for longer ones storage is asked which exist. */
const monthsWorthTrying = 3;

/** @throws when storage fails */
export async function listRecords(deps: ListDeps, options: ListOptions): Promise<RecordPage> {
  const { top, tenantId } = options;
  const filters = withinIndex(options.filters);
  const plan = planQuery(filters);
  const budget = createBudget(deps.now, maxRequestsOfPage + 2 * plan.keyPrefixes.length);
  const asked = { ...options, filters };
  const months = await monthsToRead(deps, asked, budget);
  const found: FoundRecord[] = [];
  const streams = openStreams(deps, asked, { plan, months, budget, wanted: () => top + 1 - found.length });
  const matches = createMatcher(filters);
  let after = options.position.after;
  for (;;) {
    const state = await settle(streams);
    if (state === 'end') return toPage(found, budget);
    if (state === 'blocked') return toPage(found, budget, resumeAt(streams, after));
    const newest = newestOf(streams);
    const row = newest?.peek();
    if (row === undefined) continue;
    const position = positionOf(row);
    const record = toRecord(row, { tenantId, matches });
    // It stays where it is: the next page begins with it.
    if (record !== undefined && found.length === top) return toPage(found, budget, resumeAt(streams, after));
    newest?.take();
    if (record !== undefined && position !== after) found.push(record);
    after = position;
  }
}

/** Keys have room for times from 1970 to 2286; whoever asks for more gets all there is. */
function withinIndex(filters: RecordFilters): RecordFilters {
  const { from, to } = filters;
  return {
    ...filters,
    from: from !== undefined && from <= earliestTime ? undefined : from,
    to: to !== undefined && to > latestTime ? undefined : to,
  };
}

function toPage(records: readonly FoundRecord[], budget: ReadBudget, next?: QueryPosition): RecordPage {
  const { requests, rowsRead } = budget;
  return next === undefined ? { records, requests, rowsRead } : { records, next, requests, rowsRead };
}

interface Reading {
  readonly plan: QueryPlan;
  readonly months: readonly Month[];
  readonly budget: ReadBudget;
  readonly wanted: () => number;
}

function openStreams(deps: ListDeps, options: ListOptions, reading: Reading): readonly RowStream[] {
  const { filters, tenantId, position } = options;
  const { plan } = reading;
  const share = plan.keyPrefixes.length;
  return plan.keyPrefixes.map((prefix, stream) =>
    createRowStream({
      index: deps.index,
      tenantId,
      scan: { dimension: plan.dimension, where: plan.where, ...keyRange(prefix, filters, position.after) },
      months: reading.months,
      resume: position.searching?.find((searching) => searching.stream === stream),
      budget: reading.budget,
      pageSize: () => pageSize(reading.wanted(), share),
    }),
  );
}

/** Storage gives at most 1,000 rows a page; several streams share what is wanted, with something to spare. */
function pageSize(wanted: number, share: number): number {
  const fair = share === 1 ? wanted : Math.ceil((wanted * 1.2) / share) + 1;
  return Math.max(1, Math.min(fair, 1000));
}

/** Row keys between which the range lies. Ids follow `_`, and nothing sorts between `_` and the backtick. */
function keyRange(prefix: string, { from, to }: RecordFilters, after: string | undefined) {
  const start = to === undefined ? prefix : `${prefix}${invertedTime(to)}\``;
  const resumed = after === undefined ? start : `${prefix}${after}`;
  const end = from === undefined ? `${prefix}:` : `${prefix}${invertedTime(from)}\``;
  return { after: resumed > start ? resumed : start, before: end };
}

async function monthsToRead(
  deps: ListDeps,
  options: ListOptions,
  budget: ReadBudget,
): Promise<readonly Month[]> {
  const { filters, tenantId, position } = options;
  const resumed = position.after === undefined ? undefined : monthOf(positionDate(position.after));
  const first = filters.from === undefined ? '000000' : monthOf(filters.from);
  // `to` itself is not in the range.
  const last = resumed ?? (filters.to === undefined ? '999999' : monthOf(new Date(filters.to.getTime() - 1)));
  const few = filters.from === undefined || last === '999999' ? [] : monthsBetween(first, last);
  if (few.length > 0 && few.length <= monthsWorthTrying) return few;
  budget.spend();
  return (await deps.index.months(tenantId)).filter((month) => month >= first && month <= last);
}

/** All months from first to last, newest first; nothing when there are more than are worth trying. */
function monthsBetween(first: Month, last: Month): readonly Month[] {
  const ordinal = (month: Month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(4)) - 1;
  const [low, high] = [ordinal(first), ordinal(last)];
  if (high - low >= monthsWorthTrying) return [];
  const months = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => high - index);
  return months.map((month) => `${Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, '0')}`);
}

/** Makes sure that every stream shows its newest row, so that the newest of all is known. */
async function settle(streams: readonly RowStream[]): Promise<'row' | 'end' | 'blocked'> {
  const states = await Promise.all(streams.map((stream) => stream.advance()));
  if (states.includes('blocked')) return 'blocked';
  return states.includes('row') ? 'row' : 'end';
}

function newestOf(streams: readonly RowStream[]): RowStream | undefined {
  let newest: { stream: RowStream; position: string } | undefined;
  for (const stream of streams) {
    const row = stream.peek();
    if (row === undefined) continue;
    const position = positionOf(row);
    if (newest === undefined || position < newest.position) newest = { stream, position };
  }
  return newest?.stream;
}

function resumeAt(streams: readonly RowStream[], after: string | undefined): QueryPosition {
  const searching = streams.flatMap((stream, index) => {
    const where = stream.searching();
    return where === undefined ? [] : [{ stream: index, ...where }];
  });
  return { after, searching };
}

/** `{inverted time}_{id}`, whatever stands before it in the key. */
function positionOf({ rowKey }: IndexRow): string {
  return /^[0-9a-f]{16}_\d{13}_/.test(rowKey) ? rowKey.slice(17) : rowKey;
}

function positionDate(position: string): Date {
  return dateOfInverted(position.slice(0, 13));
}

/** The record of a row; undefined when storage gave it but the filters do not hold. */
export function toRecord(
  row: IndexRow,
  { tenantId, matches }: { readonly tenantId: string; readonly matches: RecordMatcher },
): FoundRecord | undefined {
  const position = positionOf(row);
  const createdDateTime = positionDate(position);
  const packed = unpackSummary(row.summary, tenantId);
  if (!matches(createdDateTime, packed.summary)) return undefined;
  return { id: position.slice(14), createdDateTime, ...packed };
}

function createBudget(now: () => Date, maxRequests: number): ReadBudget {
  const deadline = now().getTime() + maxMs;
  let requests = 0;
  let rowsRead = 0;
  return {
    spend() {
      if (requests >= maxRequests || now().getTime() >= deadline) return false;
      requests++;
      return true;
    },
    count: (rows) => void (rowsRead += rows),
    get requests() {
      return requests;
    },
    get rowsRead() {
      return rowsRead;
    },
  };
}
