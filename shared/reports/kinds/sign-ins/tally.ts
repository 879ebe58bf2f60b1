/** What is counted of all sign-ins of the range, in bounded memory. */
import * as z from 'zod';
import { dayOf } from '../../../utc-day.ts';
import { countedSchema, createCounts, nothingCounted } from '../../bounded-counts.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import { shownName } from '../../shown-name.ts';
import { keyOf } from './keys.ts';
import { earlier, later, momentOf, momentSchema } from './moment.ts';
import type { Ending } from './outcome.ts';
import { limitsOf } from './shares.ts';
import type { SignIn } from './sign-in.ts';

const nameSchema = z.strictObject({ name: z.string(), last: z.number() });

const endingsSchema = z.strictObject({ signedIn: z.int(), failed: z.int(), interrupted: z.int() });

const failuresSchema = z.strictObject({ failures: z.int(), first: z.number(), last: momentSchema });
/** Of one person for one reason. */
export type Failures = z.infer<typeof failuresSchema>;

const visitsSchema = z.strictObject({ signIns: z.int(), first: momentSchema, last: z.number() });
/** Of one person in one network. */
export type Visits = z.infer<typeof visitsSchema>;

const wayUsesSchema = z.strictObject({
  signIns: z.int(),
  failures: z.int(),
  first: z.number(),
  last: momentSchema,
});
/** Of one person and one way to sign in. */
export type WayUses = z.infer<typeof wayUsesSchema>;

export const tallySchema = z.strictObject({
  /** By key: as the newest record spells the name; empty if no record has one. */
  people: countedSchema(nameSchema),
  /** By day in UTC. */
  days: countedSchema(endingsSchema),
  /** By day and reason. */
  reasons: countedSchema(z.int()),
  /** By person and reason. */
  failures: countedSchema(failuresSchema),
  /** By person and network. */
  networks: countedSchema(visitsSchema),
  /** By person and way. */
  ways: countedSchema(wayUsesSchema),
  /** Sign-ins without an address. */
  nowhere: z.int(),
  /** Records that do not say whose sign-in it was. */
  unnamed: z.int(),
  /** Sign-ins that say which authentication was required. */
  single: z.int(),
  multifactor: z.int(),
});
export type Tallied = z.infer<typeof tallySchema>;

export const emptyTally: Tallied = {
  people: nothingCounted,
  days: nothingCounted,
  reasons: nothingCounted,
  failures: nothingCounted,
  networks: nothingCounted,
  ways: nothingCounted,
  nowhere: 0,
  unnamed: 0,
  single: 0,
  multifactor: 0,
};

export interface Tally {
  add(signIn: SignIn): void;
  addUnnamed(): void;
  tallied(): Tallied;
}

/** Continues a tally. The order of records makes no difference, except to what is beyond the limits. */
export function createTally(limits: ReportLimits, begun: Tallied): Tally {
  const counts = countsOf(limits, begun);
  const numbers = { nowhere: begun.nowhere, unnamed: begun.unnamed };
  const required = { single: begun.single, multifactor: begun.multifactor };
  return {
    add(one) {
      const day = dayOf(new Date(one.at));
      counts.days.add(day, (before) => withEnding(before, one.ending));
      if (one.required !== undefined && one.ending === 'signedIn') required[one.required] += 1;
      if (one.ending === 'signedIn' && one.network === undefined) numbers.nowhere += 1;
      counts.people.add(one.person, (before) => named(before, one));
      if (one.ending === 'failed') addFailure(counts, one, day);
      if (one.ending === 'signedIn') addVisit(counts, one);
      if (one.way !== '' && one.ending !== 'interrupted') addWay(counts, one);
    },
    addUnnamed() {
      numbers.unnamed += 1;
    },
    tallied: () => ({
      people: counts.people.counted(),
      days: counts.days.counted(),
      reasons: counts.reasons.counted(),
      failures: counts.failures.counted(),
      networks: counts.networks.counted(),
      ways: counts.ways.counted(),
      ...numbers,
      ...required,
    }),
  };
}

function countsOf(limits: ReportLimits, begun: Tallied) {
  return {
    people: createCounts<z.infer<typeof nameSchema>>(begun.people, limitsOf(limits, 1 / 2)),
    days: createCounts<z.infer<typeof endingsSchema>>(begun.days, { keys: Infinity, characters: Infinity }),
    reasons: createCounts<number>(begun.reasons, limitsOf(limits, 1 / 4)),
    failures: createCounts<Failures>(begun.failures, limitsOf(limits, 1 / 2)),
    networks: createCounts<Visits>(begun.networks, limitsOf(limits, 1)),
    ways: createCounts<WayUses>(begun.ways, limitsOf(limits, 1 / 4)),
  };
}

type Counts = ReturnType<typeof countsOf>;

function named(before: z.infer<typeof nameSchema> | undefined, { name, at }: SignIn) {
  const known = before?.name === '' ? undefined : before;
  if (name === '') return before ?? { name, last: at };
  return { name: shownName(known, { name, last: at }), last: Math.max(known?.last ?? at, at) };
}

const noEndings = { signedIn: 0, failed: 0, interrupted: 0 };

function withEnding(before: z.infer<typeof endingsSchema> = noEndings, ending: Ending) {
  return { ...before, [ending]: before[ending] + 1 };
}

function addFailure(counts: Counts, one: SignIn, day: string): void {
  counts.reasons.add(keyOf(day, one.reason), (before = 0) => before + 1);
  counts.failures.add(keyOf(one.person, one.reason), (before) => ({
    failures: (before?.failures ?? 0) + 1,
    first: Math.min(before?.first ?? one.at, one.at),
    last: later(before?.last, momentOf(one)),
  }));
}

function addVisit(counts: Counts, { network, ...one }: SignIn): void {
  if (network === undefined) return;
  counts.networks.add(keyOf(one.person, network), (before) => ({
    signIns: (before?.signIns ?? 0) + 1,
    first: earlier(before?.first, momentOf(one)),
    last: Math.max(before?.last ?? one.at, one.at),
  }));
}

function addWay(counts: Counts, one: SignIn): void {
  const hasFailed = one.ending === 'failed';
  counts.ways.add(keyOf(one.person, one.way), (before) => ({
    signIns: (before?.signIns ?? 0) + (hasFailed ? 0 : 1),
    failures: (before?.failures ?? 0) + (hasFailed ? 1 : 0),
    first: Math.min(before?.first ?? one.at, one.at),
    last: later(before?.last, momentOf(one)),
  }));
}
