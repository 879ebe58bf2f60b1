/**
 * Reads oldest first what storage returns newest first only: slice after slice of time, each read newest first and
 * reversed. Slices grow and shrink with what they hold, and no more of one is kept than a page has room for.
 */
import type { Month } from '../index/keys.ts';
import type { TextRoom } from './expand-texts.ts';
import { orderKey, type FoundRecord } from './found-record.ts';
import { openReader, type QueryExecution } from './reading/execute-query.ts';
import type { ReadBudget } from './reading/budget.ts';
import type { Cursors } from './reading/cursor.ts';
import type { ListOptions, ReadPage, SlicePosition } from './record-page.ts';

type ReadOptions = Pick<ListOptions, 'top' | 'position' | 'room'>;

type SliceResult =
  | { readonly kind: 'read'; readonly records: readonly FoundRecord[]; readonly seen: number }
  /** Holds so many records that a narrower slice is cheaper. */
  | { readonly kind: 'crowded' }
  | { readonly kind: 'blocked'; readonly cursors: Cursors; readonly foundSome: boolean };

const firstWidthMs = 60 * 60_000;
const growth = 4;
const shrinkage = 8;
/** Wasted reads of records after which a slice is narrowed. */
const maxWasted = 1000;
/** A slice that cost each stream more requests is wide enough. */
const cheapRequests = 8;

/** A page ends as those of {@link ListOptions} do. */
export async function readAscending(execution: QueryExecution, options: ReadOptions): Promise<ReadPage> {
  const page = await readSlices(execution, options);
  return options.room === undefined ? page : await fitted(page, options.room, execution.budget);
}

/** As many of the records as there is room for the texts of. */
async function fitted(page: ReadPage, room: TextRoom, budget: ReadBudget): Promise<ReadPage> {
  for (const [at, record] of page.records.entries())
    if (!(await room.take(record, budget))) return fullPage(page.records.slice(0, at), firstWidthMs);
  return page;
}

async function readSlices(execution: QueryExecution, { top, position }: ReadOptions): Promise<ReadPage> {
  const range = await wholeRange(execution);
  const streams = execution.plan.keyPrefixes.length;
  const page: FoundRecord[] = [];
  // Named records are all looked up at once, however wide a slice is.
  const isNamed = execution.query.filters.ids !== undefined;
  let slice: SlicePosition = position.slice ?? { lower: range.from, width: firstWidthMs };
  let cursors = position.cursors ?? {};
  while (slice.lower < range.to) {
    const room = top + 1 - page.length;
    const { requests } = execution.budget.cost;
    const left = range.to - slice.lower;
    slice = { ...slice, width: isNamed ? left : Math.min(left, slice.width) };
    const upper = slice.lower + slice.width;
    const result = await readSlice(execution, {
      slice,
      upper,
      cursors,
      room,
      isWhole: isNamed || slice.width <= 1,
    });
    if (result.kind === 'blocked') return blockedPage(page, slice, result);
    cursors = {};
    if (result.kind === 'crowded') {
      slice = narrowed(slice);
      continue;
    }
    page.push(...result.records);
    const width = nextWidth(slice, {
      ...result,
      room,
      requests: (execution.budget.cost.requests - requests) / streams,
    });
    if (page.length > top) return fullPage(page.slice(0, top), width);
    slice = { lower: upper, width };
    execution.budget.markProgress();
  }
  return { records: page };
}

/** Where reading begins at a moment. @param before order key of the last record returned, of any tenant */
export function firstSlice(from: Date, before: string | undefined): SlicePosition {
  return { lower: from.getTime(), width: firstWidthMs, before };
}

function fullPage(records: readonly FoundRecord[], width: number): ReadPage {
  const last = records.at(-1);
  if (last === undefined) return { records };
  const slice = { lower: last.createdDateTime.getTime(), width, before: orderKey(last) };
  return { records, next: { slice } };
}

/** Nothing of the slice can be returned before its oldest record is known; a narrower one can be read to its end. */
function blockedPage(
  records: readonly FoundRecord[],
  slice: SlicePosition,
  { cursors, foundSome }: { readonly cursors: Cursors; readonly foundSome: boolean },
): ReadPage {
  return { records, next: foundSome ? { slice: narrowed(slice) } : { slice, cursors } };
}

function narrowed({ width, ...slice }: SlicePosition): SlicePosition {
  return { ...slice, width: Math.max(1, Math.floor(width / shrinkage)) };
}

/** As wide as the records of a page need, estimated from this slice. */
function nextWidth(
  { width }: SlicePosition,
  { seen, room, requests }: { readonly seen: number; readonly room: number; readonly requests: number },
): number {
  if (seen > room) return Math.max(1, Math.ceil((width * room) / seen));
  if (requests > cheapRequests || seen > room / growth) return width;
  return width * (seen === 0 ? growth * growth : growth);
}

interface Reading {
  readonly slice: SlicePosition;
  readonly upper: number;
  readonly cursors: Cursors;
  /** Records to keep: the oldest. */
  readonly room: number;
  /** Read to its end: a moment cannot be divided, and named records need not be. */
  readonly isWhole: boolean;
}

async function readSlice(
  execution: QueryExecution,
  { slice, upper, cursors, room, isWhole }: Reading,
): Promise<SliceResult> {
  const reader = await openReader(execution, {
    range: { from: new Date(slice.lower), to: new Date(upper) },
    cursors,
    before: slice.before,
    wanted: () => room + maxWasted,
    budget: isWhole ? withoutLimit(execution.budget) : execution.budget,
  });
  let kept: FoundRecord[] = [];
  let seen = 0;
  for (;;) {
    const state = await reader.advance();
    if (state === 'blocked') return { kind: 'blocked', cursors: reader.cursors(), foundSome: seen > 0 };
    if (state === 'end') return { kind: 'read', records: kept.slice(-room).reverse(), seen };
    const record = reader.take();
    if (record === undefined) continue;
    kept.push(record);
    seen++;
    if (kept.length > room + maxWasted) kept = kept.slice(-room);
    if (seen > 2 * room + maxWasted && !isWhole) return { kind: 'crowded' };
  }
}

function withoutLimit(budget: ReadBudget): ReadBudget {
  return {
    ...budget,
    spend(kind, count = 1) {
      budget.charge(kind, count);
      return true;
    },
    isExhausted: () => false,
    isLate: () => false,
  };
}

/** Epoch milliseconds; an open bound is that of the first or last month that has records. */
async function wholeRange(execution: QueryExecution): Promise<{ from: number; to: number }> {
  const { from, to } = execution.range;
  if (from !== undefined && to !== undefined) return { from: from.getTime(), to: to.getTime() };
  const months: readonly Month[] = await execution.months(execution.query.tenantId, execution.range);
  const sorted = months.toSorted();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return { from: 0, to: 0 };
  return { from: from?.getTime() ?? startOf(first, 0), to: to?.getTime() ?? startOf(last, 1) };
}

function startOf(month: Month, later: number): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1 + later);
}
