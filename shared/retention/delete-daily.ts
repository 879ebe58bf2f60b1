/** What the daily timer deletes: expired rows, then what is older than the retention of its tenant. */
import type { Budget } from '../budget.ts';
import { applyRetention, type ApplyRetentionDeps } from './apply-retention.ts';
import { purgeExpired, type PurgeExpiredDeps } from './purge-expired.ts';

export type DeleteDailyDeps = PurgeExpiredDeps & ApplyRetentionDeps;

/** Each has its turn even if the other fails. @throws the first failure, after both turns */
export async function deleteDaily(deps: DeleteDailyDeps, budget: Budget): Promise<void> {
  try {
    await purgeExpired(deps, budget);
  } finally {
    await applyRetention(deps, budget);
  }
}
