/**
 * Reads oldest first what storage gives newest first only: slice after slice of time, each read newest first and
 * turned around. Slices grow and shrink with what they hold, and no more is kept of one than a page has room for.
 */
import type { Month } from '../index/keys.ts';
import { orderKey, type FoundRecord } from './found-record.ts';
import { openReader, type Asking } from './reading/ask.ts';
import type { ReadBudget } from './reading/budget.ts';
import type { Places } from './reading/place.ts';
import type { ListOptions, ReadPage, SlicePosition } from './record-page.ts';

type SliceResult =
  | { readonly kind: 'read'; readonly records: readonly FoundRecord[]; readonly seen: number }
  /** So many records that a narrower slice is cheaper. */
  | { readonly kind: 'crowded' }
  | { readonly kind: 'blocked'; readonly places: Places; readonly foundSome: boolean };

const firstWidthMs = 60 * 60_000;
const growth = 4;
const shrinkage = 8;
/** Records of a slice that may be read for nothing before it is made narrower. */
const maxWasted = 1000;
/** A slice that cost each stream more is wide enough. */
const cheapRequests = 8;

export async function readAscending(asking: Asking, { top, position }: ListOptions): Promise<ReadPage> {
  const range = await wholeRange(asking);
  const streams = asking.plan.keyPrefixes.length * asking.question.tenantIds.length;
  const given: FoundRecord[] = [];
  // Records that are named are looked up all at once, however wide a slice is.
  const isNamed = asking.question.filters.ids !== undefined;
  let slice: SlicePosition = position.slice ?? { lower: range.from, width: firstWidthMs };
  let places = position.places ?? {};
  while (slice.lower < range.to) {
    const room = top + 1 - given.length;
    const { requests } = asking.budget.cost;
    const left = range.to - slice.lower;
    slice = { ...slice, width: isNamed ? left : Math.min(left, slice.width) };
    const upper = slice.lower + slice.width;
    const result = await readSlice(asking, {
      slice,
      upper,
      places,
      room,
      isWhole: isNamed || slice.width <= 1,
    });
    if (result.kind === 'blocked') return blockedPage(given, slice, result);
    places = {};
    if (result.kind === 'crowded') {
      slice = narrowed(slice);
      continue;
    }
    given.push(...result.records);
    const width = nextWidth(slice, {
      ...result,
      room,
      requests: (asking.budget.cost.requests - requests) / streams,
    });
    if (given.length > top) return fullPage(given.slice(0, top), width);
    slice = { lower: upper, width };
    asking.budget.cameForward();
  }
  return { records: given };
}

function fullPage(records: readonly FoundRecord[], width: number): ReadPage {
  const last = records.at(-1);
  if (last === undefined) return { records };
  const slice = { lower: last.createdDateTime.getTime(), width, before: orderKey(last) };
  return { records, next: { slice } };
}

/** What was found of the slice cannot be given before its oldest is known; a narrower one comes to its end. */
function blockedPage(
  records: readonly FoundRecord[],
  slice: SlicePosition,
  { places, foundSome }: { readonly places: Places; readonly foundSome: boolean },
): ReadPage {
  return { records, next: foundSome ? { slice: narrowed(slice) } : { slice, places } };
}

function narrowed({ width, ...slice }: SlicePosition): SlicePosition {
  return { ...slice, width: Math.max(1, Math.floor(width / shrinkage)) };
}

/** As wide as a page's records need, judged by this one. */
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
  readonly places: Places;
  /** Records that are worth keeping: the oldest. */
  readonly room: number;
  /** Read to its end: a moment cannot be divided, and what is named need not be. */
  readonly isWhole: boolean;
}

async function readSlice(
  asking: Asking,
  { slice, upper, places, room, isWhole }: Reading,
): Promise<SliceResult> {
  const reader = await openReader(asking, {
    range: { from: new Date(slice.lower), to: new Date(upper) },
    ...{ places, before: slice.before, wanted: () => room + maxWasted },
    budget: isWhole ? withoutLimit(asking.budget) : asking.budget,
  });
  let kept: FoundRecord[] = [];
  let seen = 0;
  for (;;) {
    const state = await reader.advance();
    if (state === 'blocked') return { kind: 'blocked', places: reader.places(), foundSome: seen > 0 };
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
      budget.owe(kind, count);
      return true;
    },
  };
}

/** Epoch milliseconds; where the question is open, from the first to the last month there is. */
async function wholeRange(asking: Asking): Promise<{ from: number; to: number }> {
  const { from, to } = asking.range;
  if (from !== undefined && to !== undefined) return { from: from.getTime(), to: to.getTime() };
  const months: Month[] = [];
  for (const tenantId of asking.question.tenantIds) {
    months.push(...(await asking.months(tenantId, asking.range)));
  }
  const sorted = months.sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return { from: 0, to: 0 };
  return { from: from?.getTime() ?? startOf(first, 0), to: to?.getTime() ?? startOf(last, 1) };
}

function startOf(month: Month, later: number): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1 + later);
}
