/** Where the rows of an old month are. A month without a layout is one table. */
import * as z from 'zod';
import { storedDate } from '../../stored-date.ts';
import type { Month } from '../keys.ts';

const generations = z.array(z.number());

export const monthLayoutSchema = z.object({
  month: z.string(),
  /**
   * Number of the table that receives rows; the first is 0. Those before it that are neither sealed nor merged are
   * dropped.
   */
  generation: z.number(),
  /** Tables that receive no more rows, and are in no segment yet. */
  sealed: generations,
  sealedAt: storedDate,
  /** Names of the manifests of its segments, oldest first. */
  segments: z.array(z.string()),
  publishedAt: storedDate.optional(),
  /** Tables whose rows are in a segment, kept for readers who do not know it yet. */
  merged: generations,
});
export type MonthLayout = z.infer<typeof monthLayoutSchema>;
/** As it was stored; saved only if no one has changed it since. */
export type StoredLayout = MonthLayout & { readonly etag: string };

/** Layouts of months, by tenant. */
export interface MonthLayouts {
  list(tenantId: string): Promise<readonly StoredLayout[]>;
  /** @param etag of the layout that it replaces; undefined: there must be none. False, with nothing saved, otherwise. */
  save(tenantId: string, layout: MonthLayout, etag: string | undefined): Promise<boolean>;
  /** Succeeds if there is none. */
  remove(tenantId: string, month: Month): Promise<void>;
}

/**
 * No month younger than this has a layout: then nothing of it is compacted, however soon an operator wants that. Content
 * of the feed is up to a week older than its landing.
 */
export const leastAgeMonths = 2;

/**
 * How long a layout takes to be known: every process reads it again after {@link layoutKeptMs}, and nothing relies on it
 * before this.
 */
export const settleMs = 15 * 60_000;
/** How long a process uses a layout that it has read. */
export const layoutKeptMs = 60_000;
/** A host whose clock is behind by less sees the end of a month in time to find its layout. */
const clocksDifferMs = 24 * 60 * 60_000;

/** Whether a month may have a layout, by a clock that may be wrong. */
export function mayHaveLayout(month: Month, now: Date): boolean {
  return month <= monthBefore(new Date(now.getTime() + clocksDifferMs), leastAgeMonths);
}

/** The last month that ended so many whole months before this moment's month; months up to it are as old or older. */
export function monthBefore(now: Date, months: number): Month {
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months));
  return start.toISOString().slice(0, 7).replace('-', '');
}

const generationMark = 'g';

/** Names the table of a month that has several. */
export function tableMonth(month: Month, generation: number): Month {
  return generation === 0 ? month : `${month}${generationMark}${generation}`;
}

/** The month of a table. */
export function monthOfTable(name: Month): Month {
  return name.split(generationMark)[0] ?? name;
}

/**
 * The tables that rows are written to now, in this order. The first is in no segment that is being built, however wrong
 * the clock is. A sealed table receives a copy of each row until everyone knows that it is sealed: who does not reads only
 * this one.
 */
export function writtenTables(
  { month, generation, sealed, sealedAt }: MonthLayout,
  now: Date,
): readonly Month[] {
  const newest = sealed.at(-1);
  const isKnown = now.getTime() >= sealedAt.getTime() + settleMs;
  const copied = isKnown || newest === undefined ? [] : [newest];
  return [generation, ...copied].map((one) => tableMonth(month, one));
}

/** Tables whose rows are in no segment, newest first. */
export function openTables({ month, generation, sealed }: MonthLayout): readonly Month[] {
  return [generation, ...sealed.toReversed()].map((one) => tableMonth(month, one));
}

/** Whether rows of the month's first table can still be read from it. */
export function hasFirstTable({ generation, sealed, merged }: MonthLayout): boolean {
  return [generation, ...sealed, ...merged].includes(0);
}
