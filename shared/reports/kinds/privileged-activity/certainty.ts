/** Whether the role was certainly held at a moment of a period. */
import { isIn, type Period } from './periods.ts';

/** `possibly`: what is known leaves open whether the role was held then. */
export type Certainty = 'certainly' | 'possibly';

/** Undefined for a moment outside of the period. After the last fact, the role is held for certain: nothing says that it was lost. */
export function certaintyAt(period: Period, moment: Date): Certainty | undefined {
  if (!isIn(period, moment)) return undefined;
  const { begins, ends, doubts } = period;
  const tooEarly = !('at' in begins) && begins.before !== undefined && moment < begins.before.at;
  const tooLate =
    !('at' in ends) && ends.before !== undefined && ends.after !== undefined && moment > ends.after.at;
  const between = doubts.some(({ after, before }) => moment > after.at && moment < before.at);
  return tooEarly || tooLate || between ? 'possibly' : 'certainly';
}
