/** Results in pages: links continue within the same result, and expire. */

import { randomUUID } from 'node:crypto';
import type { CmdletResult, Row } from './cmdlet.ts';

interface Query {
  readonly tenantId: string;
  readonly cmdlet: string;
  readonly nowMs: number;
}

export interface Page {
  readonly rows: readonly Row[];
  /** The `$skiptoken` of the next page. */
  readonly next?: string | undefined;
  /** There are more results than the client requested. */
  readonly truncated: boolean;
}

interface Result {
  readonly tenantId: string;
  readonly cmdlet: string;
  readonly result: CmdletResult;
}

export interface ResultPages {
  first(query: Query, result: CmdletResult, pageSize: number): Page;
  /** Returns undefined for a link that has expired or was not issued for this cmdlet. */
  next(query: Query, token: string, limits: PageLimits): Page | undefined;
}

interface PageLimits {
  readonly pageSize: number;
  readonly lifetimeMs: number;
}

const tokenPattern = /^(?<id>[0-9a-f-]{36})\.(?<from>\d+)\.(?<linkedAtMs>\d+)$/;
/** Abandoned results are discarded when this many newer ones are open. */
const keptResults = 100;

/** Pages are slices of the result at the time of the first page. */
export const createResultPages = (): ResultPages => {
  const open = new Map<string, Result>();

  const pageFrom = (id: string, { query, result, from, pageSize }: Cut): Page => {
    const { rows, resultSize = Number.POSITIVE_INFINITY } = result;
    const to = from + Math.min(pageSize, resultSize);
    const hasMore = to < rows.length;
    if (hasMore) keep(open, id, { ...query, result });
    return {
      rows: rows.slice(from, to),
      next: hasMore ? Buffer.from(`${id}.${to}.${query.nowMs}`).toString('base64url') : undefined,
      truncated: hasMore && resultSize < rows.length,
    };
  };

  return {
    first: (query, result, pageSize) => pageFrom(randomUUID(), { query, result, from: 0, pageSize }),
    next: (query, token, { pageSize, lifetimeMs }) => {
      const groups = tokenPattern.exec(Buffer.from(token, 'base64url').toString())?.groups;
      const id = groups?.['id'] ?? '';
      const known = open.get(id);
      const ageMs = query.nowMs - Number(groups?.['linkedAtMs']);
      if (known?.tenantId !== query.tenantId || known.cmdlet !== query.cmdlet || ageMs >= lifetimeMs)
        return undefined;
      return pageFrom(id, { query, result: known.result, from: Number(groups?.['from']), pageSize });
    },
  };
};

interface Cut {
  readonly query: Query;
  readonly result: CmdletResult;
  readonly from: number;
  readonly pageSize: number;
}

const keep = (open: Map<string, Result>, id: string, result: Result): void => {
  open.delete(id);
  open.set(id, result);
  const [oldest] = open.keys();
  if (open.size > keptResults && oldest !== undefined) open.delete(oldest);
};
