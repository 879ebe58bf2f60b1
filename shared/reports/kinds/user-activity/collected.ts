/** All that the sections are made of. */
import type { ReportInputs } from '../../report-inputs.ts';
import type { UserActivityOptions } from './options.ts';
import type { Tallied } from './tally.ts';
import type { ToldSoFar } from './told.ts';

export interface Collected extends Pick<ReportInputs<UserActivityOptions, never>, 'range' | 'options'> {
  readonly tallied: Tallied;
  readonly told: ToldSoFar;
}

/** As cells show a moment. @param at milliseconds since 1970 */
export function shownMoment(at: number): string {
  return new Date(at).toISOString();
}
