/** The version of the HTTP interface: a date, by which callers can tell an older one from a newer one. */
import { invalidParameter } from './errors.ts';

/** There is one so far. Whatever breaks callers gets a later date, and is given to who names that one. */
export const apiVersion = '2026-11-01';

/**
 * Who names no version gets this one.
 * @throws RequestError 400 for another version, or several
 */
export function checkApiVersion(query: URLSearchParams): void {
  const given = query.getAll('api-version');
  if (given.length > 1) throw invalidParameter('api-version', 'api-version is given more than once.');
  if (given.length === 1 && given[0] !== apiVersion) {
    throw invalidParameter(
      'api-version',
      `api-version: there is ${apiVersion} only. Send that one, or none.`,
    );
  }
}
