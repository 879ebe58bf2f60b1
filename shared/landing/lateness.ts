/**
 * How long after its contentCreated Microsoft lists content. That a content blob was late is only certain if an earlier
 * listing of its time did not have it: how much later than that depends on when its time was listed again.
 */
import * as z from 'zod';
import { earlier } from '../activity/windows.ts';
import { storedDate } from '../stored-date.ts';
import { revisits, shortOverlapMs, type RevisitedThrough } from './revisits.ts';

/**
 * Ages at which each time is listed. Content in {@link Lateness.counts} at a position was listed at this age, and not
 * at the one before; that of the last position by a reconciliation, later than all of them.
 */
export const listedAges = [0, shortOverlapMs, ...revisits.map(({ afterMs }) => afterMs)] as const;

/** The history of one content type; it fades, so that it follows what Microsoft does now. */
export const latenessSchema = z.object({
  /** Content blobs by the age at which they were found, in the order of {@link listedAges}. */
  counts: z.array(z.number()).readonly(),
  /** How often, six hours or more apart, late content was found. */
  delays: z.number(),
  /** The last of them. */
  delayedAt: storedDate.optional(),
  /** Until when it has faded. */
  asOf: storedDate,
});
export type Lateness = Readonly<z.output<typeof latenessSchema>>;

/** What is known of a time before it is listed: see Checkpoint. */
export interface Visited {
  readonly listedThrough: Date;
  readonly measuredFrom?: Date | undefined;
  readonly revisitedThrough?: RevisitedThrough | undefined;
}

/** On time only proves something if it was listed soon after it was published: polls are at most 50 minutes apart. */
const soonMs = 60 * 60_000;

/**
 * The position in {@link listedAges} of content that is found now. Undefined if it says nothing: no one listed its time
 * before, or the feed fills up after a subscription was started.
 */
export function agePosition(created: Date, visited: Visited, now: Date): number | undefined {
  const { listedThrough, measuredFrom, revisitedThrough = [] } = visited;
  if (measuredFrom === undefined || created < measuredFrom) return undefined;
  if (created >= listedThrough) return now.getTime() - created.getTime() <= soonMs ? 0 : undefined;
  if (created.getTime() >= listedThrough.getTime() - shortOverlapMs) return 1;
  return 2 + revisitedThrough.filter((through) => created < through).length;
}

const halfLifeMs = 4 * 24 * 60 * 60_000;
/** What is found within this time may be one delay. */
const oneDelayMs = 6 * 60 * 60_000;

/** @param found positions in {@link listedAges} */
export function withFound(
  before: Lateness | undefined,
  found: readonly number[],
  now: Date,
): Lateness | undefined {
  if (found.length === 0) return before;
  const { counts, delays, delayedAt } = faded(before, now);
  const isLate = found.some((position) => position > 0);
  const isAnother = delayedAt === undefined || now.getTime() - delayedAt.getTime() >= oneDelayMs;
  const added = found.reduce((all, position) => all.with(position, (all[position] ?? 0) + 1), counts);
  const isDelay = isLate && isAnother;
  return {
    counts: added.map(rounded),
    delays: rounded(isDelay ? delays + 1 : delays),
    delayedAt: isDelay ? now : delayedAt,
    asOf: now,
  };
}

/** What is left of a history at this moment, whether or not anything was found meanwhile. */
export function faded(before: Lateness | undefined, now: Date): Lateness {
  const none = [...listedAges.map(() => 0), 0];
  if (before === undefined) return { counts: none, delays: 0, asOf: now };
  const factor = 0.5 ** (Math.max(0, now.getTime() - before.asOf.getTime()) / halfLifeMs);
  const counts = none.map((_, position) => (before.counts[position] ?? 0) * factor);
  return { ...before, counts, delays: before.delays * factor };
}

function rounded(count: number): number {
  return Math.round(count * 10_000) / 10_000;
}

/** Content blobs that the history has, as far as it has not faded. */
export function samplesOf({ counts }: Lateness): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The share of content that was found at this age or before; 0 of no content. */
function shareWithin({ counts }: Lateness, position: number, samples: number): number {
  return samples === 0 ? 0 : counts.slice(0, position + 1).reduce((sum, count) => sum + count, 0) / samples;
}

/** The share of content that is found at this age or before, as if the next were late: a short history proves little. */
export function confidenceAt(lateness: Lateness, position: number): number {
  return Math.floor(shareWithin(lateness, position, samplesOf(lateness) + 1) * 10_000) / 10_000;
}

/** The first position at which this share of content was found. */
export function positionOf(lateness: Lateness, share: number): number {
  const samples = samplesOf(lateness);
  const position = lateness.counts.findIndex((_, at) => shareWithin(lateness, at, samples) >= share);
  return position === -1 ? lateness.counts.length - 1 : position;
}

/** This share of content must have been found before a time counts as complete. */
const wantedShare = 0.995;
/** A single delay, however much it holds back, changes nothing: it takes three in about a week. */
const wantedDelays = 2.5;

/** How old content usually is when all of it is listed, as a position; 0 while nothing shows that it is usually late. */
export function usualPosition(lateness: Lateness | undefined, now: Date): number {
  const { delays, ...left } = faded(lateness, now);
  return delays < wantedDelays ? 0 : positionOf({ ...left, delays }, wantedShare);
}

/** No time is held back longer than until it is listed at this age: callers wait for completeness. */
const lastPosition = listedAges.indexOf(revisits[1].afterMs);

/** What may be claimed of one content type. */
export interface Settled {
  /** Before this, everything was listed at an age at which nearly all content usually is listed. */
  readonly through: Date;
  /** That age, as a position in {@link listedAges}. */
  readonly position: number;
}

export function settledThrough({ listedThrough, revisitedThrough = [], lateness }: SettledOf): Settled {
  const position = Math.min(usualPosition(lateness, listedThrough), lastPosition);
  const overlapped = new Date(listedThrough.getTime() - (position === 1 ? shortOverlapMs : 0));
  return { through: earlier(overlapped, revisitedThrough[position - 2] ?? overlapped), position };
}

type SettledOf = Visited & { readonly lateness?: Lateness | undefined };
