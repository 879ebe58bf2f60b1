/** What is counted and remembered of the records of holders, in bounded memory. */
import * as z from 'zod';
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

export const tallySchema = z.strictObject({
  records: z.int(),
  uncertain: z.int(),
  high: z.int(),
  /** The newest ones. */
  keptHigh: z.array(actedSchema),
  people: z.array(z.tuple([z.string(), z.int()])),
  counts: z.array(z.tuple([z.string(), countSchema])),
  /** Records that are counted by no row of `counts`. */
  uncounted: z.int(),
  days: z.array(z.tuple([z.string(), daySchema])),
  operations: z.array(z.tuple([z.string(), operationSchema])),
  /** Records of operations whose rarity is unknown. */
  unranked: z.int(),
});
export type Tallied = z.infer<typeof tallySchema>;

export const emptyTally: Tallied = {
  records: 0,
  uncertain: 0,
  high: 0,
  keptHigh: [],
  people: [],
  counts: [],
  uncounted: 0,
  days: [],
  operations: [],
  unranked: 0,
};

/** An operation is rare if one principal did it this many times at most in the range of the report, and no other holder did it. */
export const rareUpTo = 2;

export interface Tally {
  add(acted: Acted): void;
  tallied(): Tallied;
}

/** Continues a tally. Neither the order of records nor where it was continued makes a difference, except to what is beyond the limits. */
export function createTally(limits: ReportLimits, begun: Tallied): Tally {
  let { records, uncertain, high, uncounted, unranked } = begun;
  let keptHigh = [...begun.keptHigh];
  const people = new Map(begun.people);
  const counts = new Map(begun.counts);
  const days = new Map(begun.days);
  const operations = new Map(begun.operations);
  return {
    add(acted) {
      records += 1;
      uncertain += acted.isCertain ? 0 : 1;
      high += acted.severity === 'high' ? 1 : 0;
      if (acted.severity === 'high') keptHigh.push(acted);
      if (keptHigh.length > 2 * limits.rows) keptHigh = newest(keptHigh, limits.rows);
      people.set(acted.key, (people.get(acted.key) ?? 0) + 1);
      countDay(days, acted);
      uncounted += countAct(counts, acted, limits.keys) ? 0 : 1;
      unranked += rank(operations, acted, limits.rows) ? 0 : 1;
    },
    tallied: () => ({
      records,
      uncertain,
      high,
      keptHigh: newest(keptHigh, limits.rows),
      people: [...people],
      counts: [...counts],
      uncounted,
      days: [...days],
      operations: [...operations],
      unranked,
    }),
  };
}

/** Newest first: records of the same second by id, so that their order is always the same. */
export function newest(all: readonly Acted[], most: number): Acted[] {
  return all.toSorted((a, b) => b.at - a.at || (a.recordId < b.recordId ? -1 : 1)).slice(0, most);
}

function countDay(days: Map<string, Tallied['days'][number][1]>, { at, severity }: Acted): void {
  const day = dayOf(new Date(at));
  const { high, other } = days.get(day) ?? { high: 0, other: 0 };
  days.set(day, severity === 'high' ? { high: high + 1, other } : { high, other: other + 1 });
}

/** False if there are too many rows. */
function countAct(counts: Map<string, ActCount>, acted: Acted, most: number): boolean {
  const { key, operation, act, at, severity } = acted;
  const row = JSON.stringify([key, operation, act]);
  const known = counts.get(row);
  if (known === undefined && counts.size >= most) return false;
  const { records, high, first, last } = known ?? { records: 0, high: 0, first: at, last: at };
  counts.set(row, {
    key,
    operation,
    act,
    records: records + 1,
    high: high + (severity === 'high' ? 1 : 0),
    first: Math.min(first, at),
    last: Math.max(last, at),
  });
  return true;
}

/** False if there are too many operations. */
function rank(
  operations: Map<string, Tallied['operations'][number][1]>,
  acted: Acted,
  most: number,
): boolean {
  const { operation, key } = acted;
  const known = operations.get(operation) ?? { key, byOthers: false, records: 0, kept: [] };
  if (known.records === 0 && operations.size >= most) return false;
  const records = known.records + 1;
  const byOthers = known.byOthers || known.key !== key;
  const isRare = !byOthers && records <= rareUpTo;
  operations.set(operation, {
    key: known.key,
    byOthers,
    records,
    kept: isRare ? [...known.kept, acted] : [],
  });
  return true;
}

/** Records of rare operations, newest first. */
export function rareIn({ operations }: Tallied): readonly Acted[] {
  return newest(
    operations.flatMap(([, { kept }]) => kept),
    Infinity,
  );
}
