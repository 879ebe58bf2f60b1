/** What the pages of a set of tenants read with: one budget, and a run for each tenant that is touched. */
import type { StoredTenant } from '../../tenants/tenant.ts';
import type { Completeness } from '../completeness.ts';
import type { TextRoom } from '../expand-texts.ts';
import type { RecordFilters, TimeRange } from '../filters.ts';
import type { FoundRecord } from '../found-record.ts';
import type { QueryPlan } from '../plan.ts';
import { executeQuery, executionIn, type QueryDeps, type QueryExecution } from '../reading/execute-query.ts';
import type { Order } from '../record-query.ts';
import type { SetPosition, TenantPlace } from './set-position.ts';
import { openRun, type TenantRun } from './tenant-run.ts';

/** Reads of several tenants at once. */
export const tenantsAtOnce = 16;
/** Tenants that a page opens at most; fewer if a tenant has several streams to search. */
export const tenantsOpenedByPage = 200;
/** A record that is named by its ID costs two point reads, of which a page may have more than of others. */
const idsAsStream = 5;
/** Rows of the first read of a tenant; each further one has several times as many. */
const firstRows = 16;
const growth = 4;

export interface SetQuery {
  readonly filters: RecordFilters;
  /** `to=complete`: the end is the earliest completeThrough of all tenants. */
  readonly toComplete: boolean;
  readonly order: Order;
  readonly top: number;
  readonly room: TextRoom | undefined;
}

export interface SetReadDeps extends QueryDeps {
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
  /** The tenant, if the caller may read its records now. */
  readonly tenantOf: (tenantId: string) => Promise<StoredTenant | undefined>;
}

/** One page in the making. */
export interface SetReading {
  readonly deps: SetReadDeps;
  readonly query: SetQuery;
  readonly position: SetPosition;
  readonly execution: QueryExecution;
  /** Taken so far. */
  readonly records: FoundRecord[];
  readonly opensAtMost: number;
}

export function startReading(deps: SetReadDeps, query: SetQuery, position: SetPosition): SetReading {
  const { filters, order, room } = query;
  const opens = ({ keyPrefixes }: QueryPlan) => {
    const streams = filters.ids === undefined ? keyPrefixes.length : filters.ids.length / idsAsStream;
    return Math.max(1, Math.floor(tenantsOpenedByPage / Math.max(1, streams)));
  };
  // Oldest first, many more rows are held than a page has.
  const withTexts = room !== undefined && order === 'desc';
  const execution = executeQuery(deps, { tenantId: '', filters, withTexts }, opens);
  return { deps, query, position, execution, records: [], opensAtMost: opens(execution.plan) };
}

/**
 * What is left of a tenant, in a range of time.
 * @param mustProgress it is read a little even if the budget of the page is spent
 */
export async function runIn(
  { query, position, execution, records }: SetReading,
  place: TenantPlace,
  { mustProgress, ...range }: TimeRange & { readonly mustProgress?: boolean },
): Promise<TenantRun> {
  const inTenant = executionIn(execution, { tenantId: place.tenantId, mustProgress }, range);
  const streams = execution.plan.keyPrefixes.length;
  const first = execution.query.withTexts === true ? 1 : firstRows;
  let reads = 0;
  const wanted = () => {
    // One more shows whether there is a next page.
    const left = query.top + 1 - records.length;
    const fair = Math.ceil((left * 1.2) / position.places.length) + 1;
    return Math.min(left, Math.max(fair, first * growth ** Math.floor(reads++ / streams)));
  };
  return await openRun(inTenant, place, { order: query.order, last: position.last, wanted });
}
