/** The version of the HTTP interface: a date, so that versions can be ordered. */
import { invalidParameter } from '../errors.ts';

/** The only one so far. A breaking change gets a later date and applies to callers who name it. */
export const apiVersion = '2026-11-01';

/**
 * Callers who name no version get this one.
 * @throws RequestError 400 for another version, or several
 */
export function checkApiVersion(query: URLSearchParams): void {
  const given = query.getAll('api-version');
  if (given.length > 1) throw invalidParameter('api-version', "'api-version' is given more than once.");
  if (given.length === 1 && given[0] !== apiVersion) {
    throw invalidParameter(
      'api-version',
      `'api-version' must be ${apiVersion}, the only version. Send it, or omit the parameter.`,
    );
  }
}
