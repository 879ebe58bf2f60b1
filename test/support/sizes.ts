/** The two sizes of the longest tests: one for every run, and one for `npm run test:load`. */

/** The environment variable that selects the full sizes, with any value; `npm run test:load` sets it. */
export const fullSizesVariable = 'AUDITKEEP_FULL_SIZES';

/** Whether this is `npm run test:load`. */
const hasFullSizes = process.env[fullSizesVariable] !== undefined;

/**
 * @param every the size in every run; a comment at the call says what the test still proves
 * @param full the size in `npm run test:load`
 */
export function sized(every: number, full: number): number {
  return hasFullSizes ? full : every;
}
