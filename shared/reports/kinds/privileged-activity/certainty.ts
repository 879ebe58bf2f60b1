/** Whether the role was certainly held at a moment of a period. */
import { isWithin } from './certain-spans.ts';
import { isIn, type Period } from './periods.ts';

/** `possibly`: what is known leaves open whether the role was held then. */
export type Certainty = 'certainly' | 'possibly';

/**
 * Undefined for a moment outside of the period. Certain is only what is between two pieces of evidence that it was held the same way: not
 * the second of a gain or a loss, nor what is before the first evidence or after the last.
 */
export function certaintyAt(period: Period, moment: Date): Certainty | undefined {
  if (!isIn(period, moment)) return undefined;
  return period.certain.some((span) => isWithin(span, moment)) ? 'certainly' : 'possibly';
}
