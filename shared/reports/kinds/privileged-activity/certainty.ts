/** Whether the role was certainly held at a moment of a period. */
import type { Evidence } from './fact.ts';
import { isIn, secondMs, type Border, type Doubt, type Period } from './periods.ts';

/** `possibly`: what is known leaves open whether the role was held then. */
export type Certainty = 'certainly' | 'possibly';

/**
 * Undefined for a moment outside of the period. Certain is only what is between two pieces of evidence that it was held: not the
 * second of a gain or a loss, nor what is before the first evidence or after the last.
 */
export function certaintyAt(period: Period, moment: Date): Certainty | undefined {
  if (!isIn(period, moment)) return undefined;
  const isDoubtful = period.doubts.some((doubt) => isWithin(doubt, moment));
  return isTooEarly(period.begins, moment) || isTooLate(period.ends, moment) || isDoubtful
    ? 'possibly'
    : 'certainly';
}

function isTooEarly(begins: Border, moment: Date): boolean {
  const first = 'at' in begins ? begins.at : begins.before;
  return first === undefined || moment.getTime() < endOf(first);
}

function isTooLate(ends: Border, moment: Date): boolean {
  if ('at' in ends) return moment >= ends.at.at;
  return ends.after === undefined || moment > ends.after.at;
}

function isWithin({ after, before }: Doubt, moment: Date): boolean {
  return moment >= after.at && moment.getTime() < endOf(before);
}

/** Records have whole seconds: what one says happened at some time of its second. */
function endOf({ at, recordId }: Evidence): number {
  return at.getTime() + (recordId === undefined ? 0 : secondMs);
}
