/** The version of the HTTP interface: a date, so that versions can be ordered. */
import { invalidParameter } from '../errors.ts';

/** The only one so far. A breaking change gets a later date and applies to callers who name it. */
export const apiVersion = '2026-11-01';

/**
 * Callers who name no version get this one.
 * @param named null: none
 * @throws RequestError 400 for another version
 */
export function checkApiVersion(named: string | null): void {
  if (named !== null && named !== apiVersion)
    throw invalidParameter(
      'api-version',
      `'api-version' must be ${apiVersion}, the only version, or absent.`,
    );
}
