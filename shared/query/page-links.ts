/** What the pages of all queries have in common: the link to the next one, and what they cost. */
import type { Dialect } from '../http/parameters.ts';
import type { ReadCost } from './reading/budget.ts';

/** The name of the parameter that continues, as the caller spells it. */
export function tokenNameOf(url: string): string {
  return new URL(url).searchParams.has('$skiptoken') ? '$skiptoken' : 'skiptoken';
}

/** The link to the next page, absolute and complete, under the name that it has in the caller's dialect. */
export function linkToNext(
  dialect: Dialect,
  link: string | undefined,
): { readonly nextLink?: string; readonly '@odata.nextLink'?: string } {
  if (link === undefined) return {};
  return dialect === 'odata' ? { '@odata.nextLink': link } : { nextLink: link };
}

export function costHeaders({ requests, rowsRead }: ReadCost, milliseconds: number) {
  return {
    'x-auditkeep-requests': String(requests),
    'x-auditkeep-rows-read': String(rowsRead),
    'x-auditkeep-duration': String(Math.round(milliseconds)),
  };
}
