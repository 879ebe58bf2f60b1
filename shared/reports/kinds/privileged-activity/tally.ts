/** What is counted and remembered of the records of holders, in bounded memory. */
import * as z from 'zod';
import { countedSchema, createCounts, nothingCounted } from '../../bounded-counts.ts';
import { keepFirst, keptSchema, nothingKept } from '../../kept-first.ts';
import { newestFirst } from '../../newest-first.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import { dayOf } from '../../../utc-day.ts';

const actedSchema = z.strictObject({
  recordId: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  severity: z.enum(['high', 'notable', 'routine']),
  /** Key of the principal. */
  key: z.string(),
  operation: z.string(),
  act: z.string(),
  sentence: z.string(),
  changes: z.string(),
  address: z.string().nullable(),
  isCertain: z.boolean(),
});
/** A record of a holder. */
export type Acted = Readonly<z.infer<typeof actedSchema>>;

const countSchema = z.strictObject({
  key: z.string(),
  operation: z.string(),
  act: z.string(),
  records: z.int(),
  high: z.int(),
  first: z.number(),
  last: z.number(),
});
/** How often a principal did something. */
export type ActCount = Readonly<z.infer<typeof countSchema>>;

const daySchema = z.strictObject({ high: z.int(), other: z.int() });

const operationSchema = z.strictObject({
  /** The principal that did it, and whether others did it as well. */
  key: z.string(),
  byOthers: z.boolean(),
  records: z.int(),
  /** All of them, as long as they are rare. */
  kept: z.array(actedSchema),
});
type OperationCount = z.infer<typeof operationSchema>;

export const tallySchema = z.strictObject({
  records: z.int(),
  uncertain: z.int(),
  dangerous: keptSchema(actedSchema),
  /** Records by key of the principal. */
  people: z.array(z.tuple([z.string(), z.int()])),
  /** Records by index of the holding in which they are: in each of several. */
  holdings: z.array(z.tuple([z.int(), z.int()])),
  counts: countedSchema(countSchema),
  days: z.array(z.tuple([z.string(), daySchema])),
  /** `uncounted`: records of operations whose rarity is unknown. */
  operations: countedSchema(operationSchema),
});
export type Tallied = z.infer<typeof tallySchema>;

export const emptyTally: Tallied = {
  records: 0,
  uncertain: 0,
  dangerous: nothingKept,
  people: [],
  holdings: [],
  counts: nothingCounted,
  days: [],
  operations: nothingCounted,
};

/** An operation is rare if one principal did it this many times at most in the range of the report, and no other holder did it. */
export const rareUpTo = 2;

/** Of the keys of counts; with what they count, the state has room for all of them. */
const maxKeyCharacters = 2 * 1024 * 1024;

export interface Tally {
  /** @param holdings indexes of those in which it was done */
  add(acted: Acted, holdings: readonly number[]): void;
  tallied(): Tallied;
}

/** Continues a tally. Neither the order of records nor where it was continued makes a difference, except to what is beyond the limits. */
export function createTally(limits: ReportLimits, begun: Tallied): Tally {
  let { records, uncertain } = begun;
  const dangerous = keepFirst<Acted>(begun.dangerous, limits.rows, newestFirst);
  const people = new Map(begun.people);
  const inHoldings = new Map(begun.holdings);
  const days = new Map(begun.days);
  const counts = createCounts<ActCount>(begun.counts, {
    keys: limits.keys,
    characters: maxKeyCharacters,
  });
  const operations = createCounts<OperationCount>(begun.operations, {
    keys: limits.rows,
    characters: maxKeyCharacters,
  });
  return {
    add(acted, holdings) {
      records += 1;
      uncertain += acted.isCertain ? 0 : 1;
      if (acted.severity === 'high') dangerous.add(acted);
      people.set(acted.key, (people.get(acted.key) ?? 0) + 1);
      for (const one of holdings) inHoldings.set(one, (inHoldings.get(one) ?? 0) + 1);
      countDay(days, acted);
      counts.add(JSON.stringify([acted.key, acted.operation, acted.act]), (before) => counted(before, acted));
      operations.add(acted.operation, (before) => ranked(before, acted));
    },
    tallied: () => ({
      records,
      uncertain,
      dangerous: dangerous.all(),
      people: [...people],
      holdings: [...inHoldings],
      counts: counts.counted(),
      days: [...days],
      operations: operations.counted(),
    }),
  };
}

function countDay(days: Map<string, Tallied['days'][number][1]>, { at, severity }: Acted): void {
  const day = dayOf(new Date(at));
  const { high, other } = days.get(day) ?? { high: 0, other: 0 };
  days.set(day, severity === 'high' ? { high: high + 1, other } : { high, other: other + 1 });
}

function counted(before: ActCount | undefined, { key, operation, act, at, severity }: Acted): ActCount {
  const { records, high, first, last } = before ?? { records: 0, high: 0, first: at, last: at };
  return {
    key,
    operation,
    act,
    records: records + 1,
    high: high + (severity === 'high' ? 1 : 0),
    first: Math.min(first, at),
    last: Math.max(last, at),
  };
}

function ranked(before: OperationCount | undefined, acted: Acted): OperationCount {
  const { key, byOthers, records, kept } = before ?? { ...acted, byOthers: false, records: 0, kept: [] };
  const isByOthers = byOthers || key !== acted.key;
  const isRare = !isByOthers && records < rareUpTo;
  return { key, byOthers: isByOthers, records: records + 1, kept: isRare ? [...kept, acted] : [] };
}

/** Records of rare operations, newest first. */
export function rareIn({ operations }: Tallied): readonly Acted[] {
  return operations.entries.flatMap(([, { kept }]) => kept).toSorted(newestFirst);
}
