/** What answers with pages have in common: their links, and what they say of their cost. */
import type { Dialect } from './parameters/parameters.ts';
import type { ReadCost } from './reading/budget.ts';

/** The link to the next page, absolute and complete, under the name that the caller's dialect has for it. */
export function linkTo(
  url: string,
  dialect: Dialect,
  skipToken: string | undefined,
): Readonly<Record<string, string>> {
  if (skipToken === undefined) return {};
  const next = new URL(url);
  const given = next.searchParams.has('$skiptoken') ? '$skiptoken' : 'skiptoken';
  next.searchParams.set(given, skipToken);
  return { [dialect === 'odata' ? '@odata.nextLink' : 'nextLink']: next.href };
}

/** Storage requests, rows read and milliseconds. */
export function costHeaders({ requests, rowsRead }: ReadCost, ms: number): Record<string, string> {
  return {
    'x-auditkeep-requests': String(requests),
    'x-auditkeep-rows-read': String(rowsRead),
    'x-auditkeep-duration': String(Math.round(ms)),
  };
}
