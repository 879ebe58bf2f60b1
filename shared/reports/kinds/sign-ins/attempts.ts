/** Failed attempts of one day at a time, from which attacks are found when the day is over. */
import * as z from 'zod';
import { groupBy } from '../../../group-by.ts';
import { countedSchema, createCounts, nothingCounted } from '../../bounded-counts.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import { dayOf } from '../../../utc-day.ts';
import { thresholds, type AttackKind, type FoundAttack, type Part } from './attacks.ts';
import { keyOf, partsOf } from './keys.ts';
import { earlier, later, momentOf, momentSchema } from './moment.ts';
import { limitsOf } from './shares.ts';
import type { SignIn } from './sign-in.ts';

const attemptsSchema = z.strictObject({
  failures: z.int(),
  accepted: z.int(),
  refused: z.int(),
  first: momentSchema,
  last: momentSchema,
});
type Attempts = z.infer<typeof attemptsSchema>;

export const dayOfAttemptsSchema = z.strictObject({
  /** The day that is being read; empty before the first one. */
  day: z.string(),
  /** By address, person, and hour of that day. */
  attempts: countedSchema(attemptsSchema),
  /** In the same way, what was interrupted after the password: routine, so it must not take the room of failures. */
  accepted: countedSchema(attemptsSchema),
  /** Failures of all days that were beyond the limits. */
  uncounted: z.int(),
  /** What was interrupted on all days, and was beyond the limits. */
  uncountedAccepted: z.int(),
});
export type DayOfAttempts = z.infer<typeof dayOfAttemptsSchema>;

export const noAttempts: DayOfAttempts = {
  day: '',
  attempts: nothingCounted,
  accepted: nothingCounted,
  uncounted: 0,
  uncountedAccepted: 0,
};

export interface AttemptCounter {
  /** @param signIn no newer than the one before, by day */
  add(signIn: SignIn): void;
  /** No record follows. */
  end(): void;
  counted(): DayOfAttempts;
}

/** Continues what was counted. @param found takes what was an attack, when its day is over */
export function createAttemptCounter(
  limits: ReportLimits,
  begun: DayOfAttempts,
  found: (attack: FoundAttack) => void,
): AttemptCounter {
  const [most, mostAccepted] = [limitsOf(limits, 1 / 4), limitsOf(limits, 1 / 8)];
  let { day, uncounted, uncountedAccepted } = begun;
  let attempts = createCounts<Attempts>(begun.attempts, most);
  let accepted = createCounts<Attempts>(begun.accepted, mostAccepted);
  const endDay = (next: string) => {
    attacksIn(day, joined(attempts.counted().entries, accepted.counted().entries)).forEach(found);
    uncounted += attempts.counted().uncounted;
    uncountedAccepted += accepted.counted().uncounted;
    day = next;
    attempts = createCounts<Attempts>(nothingCounted, most);
    accepted = createCounts<Attempts>(nothingCounted, mostAccepted);
  };
  return {
    add(one) {
      if (!one.isAttempt && !one.isAccepted) return;
      const at = new Date(one.at);
      if (dayOf(at) !== day) endDay(dayOf(at));
      const hour = at.toISOString().slice(11, 13);
      const counts = one.isAttempt ? attempts : accepted;
      counts.add(keyOf(one.address, one.person, hour), (before) => withAttempt(before, one));
    },
    end() {
      endDay('');
    },
    counted: () => ({
      day,
      attempts: attempts.counted(),
      accepted: accepted.counted(),
      uncounted,
      uncountedAccepted,
    }),
  };
}

function withAttempt(before: Attempts | undefined, one: SignIn): Attempts {
  const { failures = 0, accepted = 0, refused = 0 } = before ?? {};
  return {
    failures: failures + (one.isAttempt ? 1 : 0),
    accepted: accepted + (one.isAccepted ? 1 : 0),
    refused: refused + (one.isRefused ? 1 : 0),
    first: earlier(before?.first, momentOf(one)),
    last: later(before?.last, momentOf(one)),
  };
}

type Entries = readonly (readonly [string, Attempts])[];

/** Failures, each with what was accepted of the same person from the same address; and what was accepted alone. */
function joined(failures: Entries, accepted: Entries): Entries {
  const all = new Map(failures);
  for (const [key, one] of accepted) {
    const failed = all.get(key);
    all.set(key, failed === undefined ? one : { ...failed, accepted: failed.accepted + one.accepted });
  }
  return [...all];
}

interface OfHour extends Attempts {
  readonly address: string;
  readonly person: string;
  /** Beginning of the hour. */
  readonly hour: number;
}

function attacksIn(day: string, entries: Entries): readonly FoundAttack[] {
  const all = entries.map(([key, one]): OfHour => {
    const [address = '', person = '', hour = ''] = partsOf(key);
    return { ...one, address, person, hour: Date.parse(`${day}T${hour}:00:00Z`) };
  });
  const ofDay = [...groupBy(all, ({ address }) => address).values()].filter(([one]) => one?.address !== '');
  const ofHours = [...groupBy(all, ({ person, hour }) => keyOf(person, String(hour))).values()];
  return [
    ...ofDay.flatMap((group) => sprayIn(Date.parse(day), group)),
    ...ofHours.flatMap((group) => [...attackOn('burst', group), ...attackOn('refusals', group)]),
  ];
}

/** Of one address. */
function sprayIn(at: number, group: readonly OfHour[]): readonly FoundAttack[] {
  const failed = group.filter(({ failures }) => failures > 0);
  const most = new Set(failed.map(({ person }) => person)).size;
  const [one] = failed;
  if (one === undefined || most < thresholds.spray) return [];
  const people = groupBy(group, ({ person }) => person);
  // Also those whose first password was right.
  const parts = new Map([...people].map(([person, own]) => [person, partOf(own, 'failures')]));
  return [{ kind: 'spray', subject: one.address, at, most, parts, ...totalOf(failed, 'failures') }];
}

type Measure = 'failures' | 'refused';
const measures: Readonly<Record<Exclude<AttackKind, 'spray'>, Measure>> = {
  burst: 'failures',
  refusals: 'refused',
};

/** Of one person in one hour. */
function attackOn(kind: keyof typeof measures, group: readonly OfHour[]): readonly FoundAttack[] {
  const measure = measures[kind];
  const own = group.filter((one) => one[measure] > 0);
  const most = sumOf(own, measure);
  const [one] = own;
  if (one === undefined || most < thresholds[kind]) return [];
  const parts = new Map(own.map((each) => [each.address, partOf([each], measure)]));
  return [{ kind, subject: one.person, at: one.hour, most, parts, ...totalOf(own, measure) }];
}

function sumOf(all: readonly OfHour[], of: Measure | 'accepted'): number {
  return all.reduce((sum, one) => sum + one[of], 0);
}

function partOf(all: readonly OfHour[], of: Measure): Part {
  return { failures: sumOf(all, of), accepted: sumOf(all, 'accepted') };
}

function totalOf(all: readonly OfHour[], of: Measure): Pick<FoundAttack, 'failures' | 'first' | 'last'> {
  const [one, ...others] = all;
  if (one === undefined) throw new Error('An attack has attempts.');
  return {
    failures: sumOf(all, of),
    first: others.reduce((first, other) => earlier(first, other.first), one.first),
    last: others.reduce((last, other) => later(last, other.last), one.last),
  };
}
