/** Waits for the landings of an import or a backfill: before all are indexed, it is not known which records are new. */
import type { ImportTotals, LandingStore } from '../landing/landing.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationRun } from '../operations/operation-run.ts';

export const indexingWaitMs = 10_000;
/** Longer than a daily reconciliation needs to find a message that was lost. */
export const longestIndexingMs = 2 * 24 * 60 * 60_000;
/** Waiting is saved this often, so that the monitor does not take it for a lost message. */
const saveEveryMs = 10 * 60_000;

/** What became of its records; undefined until all landings are indexed. @param landings that it made */
export async function indexedRecords(
  store: Pick<LandingStore, 'importTotals'>,
  { tenantId, id, createdDateTime }: Operation<unknown, unknown>,
  landings: number,
): Promise<ImportTotals | undefined> {
  const totals = await store.importTotals(tenantId, id, createdDateTime);
  const isIndexed = totals.indexedLandings === totals.landings && totals.landings >= landings;
  return isIndexed ? totals : undefined;
}

/** Ends the run; the next one begins after the wait. @throws SupersededError */
export async function wait<R, S>(run: OperationRun<R, S>, now: Date, waitMs: number) {
  if (now.getTime() - run.operation().lastActionDateTime.getTime() >= saveEveryMs) await run.save({});
  return { waitMs };
}

/** Its end when indexing takes too long. */
export function notIndexed<S>(errorCode: string, state: S) {
  const errorMessage =
    'All records are stored, but not all of them are indexed after two days. See the runbook on poison messages.';
  return { status: 'Failed', state, errorCode, errorMessage } as const;
}
