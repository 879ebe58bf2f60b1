/** A backfill: records from before collection, found by Microsoft's search of the audit log. */
import * as z from 'zod';
import { refusalReasons } from '../imports/import.ts';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { storedDate } from '../stored-date.ts';

const windowSchema = z.strictObject({ start: storedDate, end: storedDate });

/** What was requested: everything that happened in [from, to). */
const requestSchema = z.strictObject({
  from: storedDate,
  to: storedDate,
  /** Up to where Microsoft's log is searched; the feed delivers the rest. Not after `to`. */
  searchTo: storedDate,
});
export type BackfillRequest = Readonly<z.output<typeof requestSchema>>;

/**
 * Why a range was not searched whole. `cutShort`: Microsoft found more than it shows, even in a minute; `unsteady`: each
 * reading gave other records; `fewerThanFound`: Microsoft shows fewer than it says that it found, even in a day; `failed`: its
 * queries fail; `tooManyQueries`: the backfill had used up its queries.
 */
export const shortfalls = ['cutShort', 'unsteady', 'fewerThanFound', 'failed', 'tooManyQueries'] as const;
export type Shortfall = (typeof shortfalls)[number];

/** Rows of one whole reading of a query: equal for two readings that gave the same rows. */
const readingSchema = z.strictObject({ rows: z.int(), ids: z.string() });
export type CompletedReading = Readonly<z.output<typeof readingSchema>>;

/**
 * `creating`: the query may exist, under its name; `running`: it has an ID; `landing`: its rows are read and land;
 * `checking`: they are read again, without landing.
 */
const searchSchema = z.strictObject({
  window: windowSchema,
  phase: z.enum(['creating', 'running', 'landing', 'checking']),
  /** When the phase began. */
  since: storedDate,
  /** Queries that were made for this window, this one included. */
  attempt: z.int(),
  queryId: z.string().optional(),
  /** How many records Microsoft says it found. */
  found: z.int().optional(),
  /** Microsoft found more than it shows. */
  isCutShort: z.boolean().optional(),
  /** Where the reading continues. */
  next: z.string().optional(),
  /** Of the reading in progress. */
  reading: readingSchema,
  /** The whole reading before it. */
  previous: readingSchema.optional(),
  readings: z.int(),
  /** Rows of it were refused that may be of the tenant. */
  lacksRows: z.boolean().optional(),
  /** Pages that could not be read at `next`, one after another. */
  failures: z.int(),
});
export type Search = Readonly<z.output<typeof searchSchema>>;

const stateSchema = z.strictObject({
  /** When a poll of what the feed still has was requested. */
  polledDateTime: storedDate.optional(),
  /** Ranges without a query, oldest first. */
  pending: z.array(windowSchema).readonly(),
  searches: z.array(searchSchema).readonly(),
  /** What was searched whole, in as few windows as possible. */
  searched: z.array(windowSchema).readonly(),
  /** Of these, the windows of which no row was refused that may be of the tenant. Absent in backfills of earlier releases. */
  whole: z.array(windowSchema).readonly().optional(),
  unfinished: z.array(windowSchema.extend({ reason: z.enum(shortfalls) })).readonly(),
  /** Ranges that are searched. */
  done: z.int(),
  queries: z.int(),
  /** Rows after which reading a query failed: larger ones are split before they are read. */
  readable: z.int().optional(),
  /** The landing that is being made. The next run makes the same one: at the same time, of as many pages. */
  sealing: z.strictObject({ landedAt: storedDate, pages: z.int() }).optional(),
  /** Rows that were read, in landings or refused; those of a range that is searched again count again. */
  read: z.int(),
  landed: z.int(),
  landings: z.int(),
  refused: z.partialRecord(z.enum(refusalReasons), z.int()),
  /** Since when Microsoft has refused, without any progress. */
  refusedDateTime: storedDate.optional(),
  /** When landings that were not indexed by then had their message sent again. */
  requeuedDateTime: storedDate.optional(),
  /** When everything was searched. */
  searchedDateTime: storedDate.optional(),
  /** Records that are in the index because of this backfill; once all are indexed. */
  added: z.int().optional(),
  /** Records that a retention deleted before they were indexed; absent: none. */
  pastRetention: z.int().optional(),
});
export type BackfillState = Readonly<z.output<typeof stateSchema>>;

/** One at a time in a tenant; it never expires, because it says where records came from. */
export const backfillKind: OperationKind<BackfillRequest, BackfillState> = {
  name: 'backfills',
  noun: 'Backfill',
  request: requestSchema,
  state: stateSchema,
  isExclusive: true,
};

export type Backfill = Operation<BackfillRequest, BackfillState>;
export type BackfillStore = OperationStore<BackfillRequest, BackfillState>;
