/** Microsoft's search of the audit log: what a backfill needs of it. */
import type { TenantRef } from '../activity/activity-feed.ts';
import type { Window } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import type { JsonObject } from '../json.ts';

/** `waiting`: queued or running; `gone`: Microsoft does not know it, or no longer. */
export type QueryState = 'waiting' | 'succeeded' | 'failed' | 'gone';

export interface QueryStatus {
  readonly state: QueryState;
  /** How many records it found, as far as Microsoft says. */
  readonly records?: number | undefined;
  /** It found more than it shows. */
  readonly isCutShort: boolean;
}

/** A record that a query found. */
export interface FoundRow {
  /** Microsoft's ID of the row, the same each time. */
  readonly id: string;
  /** The audit record, without the annotations of Graph; undefined if there is none, or only IDs were requested. */
  readonly fields: JsonObject | undefined;
}

export interface FoundPage {
  readonly rows: readonly FoundRow[];
  /** Where the next page is; absent on the last one. */
  readonly next?: string | undefined;
}

export interface Reading {
  readonly queryId: string;
  /** `next` of the page before the first one. @default the beginning */
  readonly from?: string | undefined;
  /** Rows need only their IDs. */
  readonly idsOnly?: boolean | undefined;
}

/**
 * Queries run for minutes or hours, and cannot be deleted. All methods throw UpstreamError when Microsoft refuses for good,
 * for longer than a few retries, or until the budget is spent.
 */
export interface AuditSearch {
  /** Resolves when the application may search the tenant's audit log, of all workloads. */
  ensureAllowed(tenant: TenantRef, budget?: Budget): Promise<void>;
  /** Starts a query for what happened in the window. @returns its ID */
  create(
    tenant: TenantRef,
    query: { readonly name: string; readonly window: Window },
    budget: Budget,
  ): Promise<string>;
  /** The ID of a query with this name, if there is one. */
  find(tenant: TenantRef, name: string, budget: Budget): Promise<string | undefined>;
  status(tenant: TenantRef, queryId: string, budget: Budget): Promise<QueryStatus>;
  /** The rows of a query that succeeded, page by page. Two readings may differ. */
  pages(tenant: TenantRef, reading: Reading, budget: Budget): AsyncIterable<FoundPage>;
}
