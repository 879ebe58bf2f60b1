/** What all paged answers share: their links, and the headers that state their cost. */
import type { Dialect } from '../http/parameters.ts';
import type { ReadCost } from './reading/budget.ts';

/** At most one of them. */
export interface NextLink {
  readonly nextLink?: string;
  readonly '@odata.nextLink'?: string;
}

/** The link to the next page, absolute and complete, under the name that it has in the caller's dialect. */
export function nextLink(url: string, dialect: Dialect, skipToken: string | undefined): NextLink {
  if (skipToken === undefined) return {};
  const next = new URL(url);
  const given = next.searchParams.has('$skiptoken') ? '$skiptoken' : 'skiptoken';
  next.searchParams.set(given, skipToken);
  return dialect === 'odata' ? { '@odata.nextLink': next.href } : { nextLink: next.href };
}

/** Storage requests, rows read and the duration in milliseconds. */
export function costHeaders({ requests, rowsRead }: ReadCost, ms: number): Record<string, string> {
  return {
    'x-auditkeep-requests': String(requests),
    'x-auditkeep-rows-read': String(rowsRead),
    'x-auditkeep-duration': String(Math.round(ms)),
  };
}
