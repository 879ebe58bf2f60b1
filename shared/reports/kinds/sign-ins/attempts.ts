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
  /** Of the failures; if there are none, of what was accepted. */
  first: momentSchema,
  last: momentSchema,
});
type Attempts = z.infer<typeof attemptsSchema>;

export const dayOfAttemptsSchema = z.strictObject({
  /** The day that is being read; empty before the first one. */
  day: z.string(),
  /** By address, person, and hour of that day. */
  attempts: countedSchema(attemptsSchema),
  /** Attempts of all days that were beyond the limits. */
  uncounted: z.int(),
});
export type DayOfAttempts = z.infer<typeof dayOfAttemptsSchema>;

export const noAttempts: DayOfAttempts = { day: '', attempts: nothingCounted, uncounted: 0 };

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
  const most = limitsOf(limits, 1 / 4);
  let { day, uncounted } = begun;
  let attempts = createCounts<Attempts>(begun.attempts, most);
  const endDay = (next: string) => {
    const { entries, uncounted: beyond } = attempts.counted();
    attacksIn(day, entries).forEach(found);
    uncounted += beyond;
    day = next;
    attempts = createCounts<Attempts>(nothingCounted, most);
  };
  return {
    add(one) {
      if (!one.isAttempt && !one.isAccepted) return;
      const at = new Date(one.at);
      if (dayOf(at) !== day) endDay(dayOf(at));
      const hour = at.toISOString().slice(11, 13);
      attempts.add(keyOf(one.address, one.person, hour), (before) => withAttempt(before, one));
    },
    end() {
      endDay('');
    },
    counted: () => ({ day, attempts: attempts.counted(), uncounted }),
  };
}

function withAttempt(before: Attempts | undefined, one: SignIn): Attempts {
  const { failures = 0, accepted = 0, refused = 0 } = before ?? {};
  return {
    failures: failures + (one.isAttempt ? 1 : 0),
    accepted: accepted + (one.isAccepted ? 1 : 0),
    refused: refused + (one.isRefused ? 1 : 0),
    ...spanOf(before, one),
  };
}

/** Of the failures; of what was accepted only while there are none. */
function spanOf(before: Attempts | undefined, one: SignIn): Pick<Attempts, 'first' | 'last'> {
  const moment = momentOf(one);
  const hadFailures = before !== undefined && before.failures > 0;
  if (before === undefined || (one.isAttempt && !hadFailures)) return { first: moment, last: moment };
  if (hadFailures && !one.isAttempt) return { first: before.first, last: before.last };
  return { first: earlier(before.first, moment), last: later(before.last, moment) };
}

interface OfHour extends Attempts {
  readonly address: string;
  readonly person: string;
  /** Beginning of the hour. */
  readonly hour: number;
}

function attacksIn(day: string, entries: readonly (readonly [string, Attempts])[]): readonly FoundAttack[] {
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
