/** Reads a tenant's records in the order of ingestion: each once, however late it arrives and however often it is delivered. */
import type { RecordFilters } from '../query/filters.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { withKnownNames } from '../query/known-names.ts';
import {
  readingOfTenant,
  readLandings,
  startBatch,
  type BatchObserver,
  type FeedDeps,
  type Stretch,
  type StretchRead,
} from './read-landings.ts';

export interface FeedQuestion extends Stretch, BatchObserver {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  /** Maximum number of records. */
  readonly limit: number;
}

export interface FeedBatch extends StretchRead {
  /** In the order of ingestion. */
  readonly records: readonly FoundRecord[];
}

/** @throws when storage fails, or a raw blob is damaged */
export async function readFeed(deps: FeedDeps, question: FeedQuestion): Promise<FeedBatch> {
  const { tenantId } = question;
  const filters = await withKnownNames(deps.names, [tenantId], question.filters);
  const batch = startBatch(deps, question);
  const read = await readLandings(deps, readingOfTenant(batch, tenantId, filters), question);
  return { records: batch.found, ...read };
}
