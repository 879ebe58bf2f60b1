/** Counts records by a text, such as a file or an address. */
import * as z from 'zod';
import { compareTexts } from '../../../compare-texts.ts';
import { createCounts } from '../../bounded-counts.ts';
import { cutText } from '../../cut-text.ts';
import { shownName } from '../../shown-name.ts';
import type { Activity } from './activities.ts';

const countSchema = z.strictObject({
  /** As the newest record spells it. */
  name: z.string(),
  records: z.int(),
  open: z.int(),
  download: z.int(),
  upload: z.int(),
  edit: z.int(),
  deletion: z.int(),
  share: z.int(),
  /** Milliseconds since 1970. */
  first: z.number(),
  last: z.number(),
});
export type Count = Readonly<z.infer<typeof countSchema>>;

export const countedSchema = z.strictObject({
  counts: z.array(countSchema).readonly(),
  /** Records of names beyond the limits. */
  uncounted: z.int(),
});
/** In the order in which they were first counted. */
export type Counted = z.infer<typeof countedSchema>;

export const nothingCounted: Counted = { counts: [], uncounted: 0 };

/** What is counted of a record. */
export interface Done {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly activity: Activity | undefined;
}

export interface Counter {
  add(name: string, done: Done): void;
  counted(): Counted;
}

interface CounterLimits {
  /** Equal for names that count as the same. */
  readonly keyOf: (name: string) => string;
  readonly keys: number;
  readonly characters: number;
}

const zero = { records: 0, open: 0, download: 0, upload: 0, edit: 0, deletion: 0, share: 0 };

/** Continues what was counted. */
export function createCounter({ keyOf, ...most }: CounterLimits, begun: Counted): Counter {
  const entries = begun.counts.map((count) => [keyOf(count.name), count] as const);
  const counts = createCounts<Count>({ entries, uncounted: begun.uncounted }, most);
  return {
    add(spelled, done) {
      const name = cutText(spelled);
      counts.add(keyOf(name), (before) =>
        withRecord(before ?? { name, ...zero, first: done.at, last: done.at }, name, done),
      );
    },
    counted: () => {
      const { entries: counted, uncounted } = counts.counted();
      return { counts: counted.map(([, count]) => count), uncounted };
    },
  };
}

function withRecord(count: Count, name: string, { at, activity }: Done): Count {
  return {
    ...count,
    name: shownName(count, { name, last: at }),
    ...(activity === undefined ? {} : { [activity]: count[activity] + 1 }),
    records: count.records + 1,
    first: Math.min(count.first, at),
    last: Math.max(count.last, at),
  };
}

/** Most records first; of equally many, by name. */
export function ranked({ counts }: Pick<Counted, 'counts'>): readonly Count[] {
  return counts.toSorted((a, b) => b.records - a.records || compareTexts(a.name, b.name));
}
