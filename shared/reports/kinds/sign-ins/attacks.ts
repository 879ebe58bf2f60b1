/** What looks like an attack: many failures from one address, or of one person, in a short time. */
import * as z from 'zod';
import { countedSchema, createCounts, nothingCounted } from '../../bounded-counts.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import { keyOf } from './keys.ts';
import { earlier, later, momentSchema } from './moment.ts';
import { limitsOf } from './shares.ts';

/**
 * - `spray`: one address failed for many people on one day in UTC
 * - `burst`: one person failed many times within one hour in UTC
 * - `refusals`: multifactor authentication of one person was not passed many times within one hour in UTC
 */
export const attackKinds = ['spray', 'burst', 'refusals'] as const;
export type AttackKind = (typeof attackKinds)[number];

/** From how many on: people, failures, or refusals. */
export const thresholds: Readonly<Record<AttackKind, number>> = { spray: 5, burst: 10, refusals: 5 };

/** Sign-ins follow an attack until so long after its last failure. */
export const followMs = 24 * 60 * 60_000;

/** When there were failures: the first and the last one, in milliseconds since 1970. */
const episodeSchema = z.tuple([z.number(), z.number()]);
type Episode = z.infer<typeof episodeSchema>;
/** More are joined where the least time is between them; in a month, no more than these can be apart by {@link followMs}. */
const mostEpisodes = 16;

const attackSchema = z.strictObject({
  /** Days or hours on which there were as many as the threshold. */
  times: z.int(),
  /** The most at once, and the beginning of that day or hour. */
  most: z.int(),
  mostAt: z.number(),
  failures: z.int(),
  first: momentSchema,
  last: momentSchema,
  /** In order of time; those that follow each other within {@link followMs} are one. */
  episodes: z.array(episodeSchema).readonly(),
});
export type Attack = z.infer<typeof attackSchema>;

const partSchema = z.strictObject({
  failures: z.int(),
  /** Times that the password or a session was right, though it did not end with a sign-in. */
  accepted: z.int(),
});
export type Part = z.infer<typeof partSchema>;

export const attacksSchema = z.strictObject({
  /** By kind, and address or person. */
  attacks: countedSchema(attackSchema),
  /** By kind, address or person, and the person or address of the failures. */
  parts: countedSchema(partSchema),
});
export type Attacks = z.infer<typeof attacksSchema>;

export const noAttacks: Attacks = { attacks: nothingCounted, parts: nothingCounted };

/** What was found on one day or in one hour. */
export interface FoundAttack extends Omit<Attack, 'times' | 'mostAt' | 'episodes'> {
  readonly kind: AttackKind;
  /** The address of a spray; otherwise the person. */
  readonly subject: string;
  /** Beginning of the day or hour. */
  readonly at: number;
  /** By person, or by address. */
  readonly parts: ReadonlyMap<string, Part>;
}

export interface AttackCounter {
  add(found: FoundAttack): void;
  found(): Attacks;
}

/** Continues what was found. The order of days and hours makes no difference, except to what is beyond the limits. */
export function createAttackCounter(limits: ReportLimits, begun: Attacks): AttackCounter {
  const attacks = createCounts<Attack>(begun.attacks, limitsOf(limits, 1 / 4));
  const parts = createCounts<Part>(begun.parts, limitsOf(limits, 1 / 2));
  return {
    add({ kind, subject, at, parts: found, ...one }) {
      const episodes: readonly Episode[] = [[one.first.at, one.last.at]];
      const once: Attack = { ...one, times: 1, mostAt: at, episodes };
      if (!attacks.add(keyOf(kind, subject), (before) => merged(before, once))) return;
      for (const [other, part] of found)
        parts.add(keyOf(kind, subject, other), (before) => ({
          failures: (before?.failures ?? 0) + part.failures,
          accepted: (before?.accepted ?? 0) + part.accepted,
        }));
    },
    found: () => ({ attacks: attacks.counted(), parts: parts.counted() }),
  };
}

function merged(before: Attack | undefined, once: Attack): Attack {
  if (before === undefined) return once;
  const isWorse = once.most - before.most || once.mostAt - before.mostAt;
  const { most, mostAt } = isWorse > 0 ? once : before;
  return {
    most,
    mostAt,
    times: before.times + 1,
    failures: before.failures + once.failures,
    first: earlier(before.first, once.first),
    last: later(before.last, once.last),
    episodes: joined([...before.episodes, ...once.episodes]),
  };
}

function joined(all: readonly Episode[]): readonly Episode[] {
  const [first, ...others] = all.toSorted(([a], [b]) => a - b);
  const apart = first === undefined ? [] : [first];
  for (const [from, to] of others) {
    const before = apart.at(-1);
    if (before !== undefined && from <= before[1] + followMs)
      apart.splice(-1, 1, [before[0], Math.max(before[1], to)]);
    else apart.push([from, to]);
  }
  while (apart.length > mostEpisodes) joinNearest(apart);
  return apart;
}

function joinNearest(all: Episode[]): void {
  const gaps = all.slice(1).map(([from], at) => from - (all[at]?.[1] ?? 0));
  const at = gaps.indexOf(Math.min(...gaps));
  const [one, next] = all.slice(at, at + 2);
  if (one !== undefined && next !== undefined) all.splice(at, 2, [one[0], next[1]]);
}
