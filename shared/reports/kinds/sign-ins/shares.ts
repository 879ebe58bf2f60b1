/** How much of the memory of one report each kind of count may take. */
import type { ReportLimits } from '../../report-inputs.ts';

/** With more keys than this, the state of the collector could be too large to be stored. */
const mostKeys = 20_000;
/** UTF-16 code units of the keys of one kind of count. */
const mostCharacters = 1024 * 1024;

/** @param part of the keys that the settings allow, at most 1 */
export function limitsOf({ keys }: Pick<ReportLimits, 'keys'>, part: number) {
  return { keys: Math.ceil(Math.min(keys, mostKeys) * part), characters: mostCharacters };
}
