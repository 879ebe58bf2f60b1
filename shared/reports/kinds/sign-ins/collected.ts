/** All that the sections are made of. */
import type { ReportInputs } from '../../report-inputs.ts';
import type { Attacks } from './attacks.ts';
import type { DayOfAttempts } from './attempts.ts';
import type { Followers } from './followers.ts';
import type { Familiarity } from './history.ts';
import type { Tallied } from './tally.ts';

export type SignInsInputs = ReportInputs<unknown, 'collection' | 'pastGaps'>;

export interface Collected extends Pick<SignInsInputs, 'range'> {
  readonly tallied: Tallied;
  readonly attacks: Attacks;
  /** What was beyond the limits when attacks were found. */
  readonly uncounted: Pick<DayOfAttempts, 'uncounted' | 'uncountedAccepted'>;
  readonly followers: Followers;
  readonly familiarity: (person: string, network: string | undefined) => Familiarity;
  /** Why records of the time before the range may be missing; none: they are whole. */
  readonly pastGaps: readonly string[];
  readonly isCollected: boolean;
  /** The name of a person by key. */
  readonly nameOf: (person: string) => string;
}

/** As cells show a moment. @param at milliseconds since 1970 */
export function shownMoment(at: number): string {
  return new Date(at).toISOString();
}

/** `1 person`, `5 people`. */
export function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** Absent texts are unknown. */
export function orNull(text: string): string | null {
  return text === '' ? null : text;
}
