/** What the hourly timer deletes: what is older than the retention of its tenant, and arrivals that no reader needs anymore. */
import type { Budget } from '../budget.ts';
import { expireArrivals, type ExpireArrivalsDeps } from '../feed/expire-arrivals.ts';
import { applyRetention } from './apply-retention.ts';
import type { ApplyRetentionDeps } from './retention-turn.ts';

/** Neither waits for the other, or fails with it. @throws AggregateError after both */
export async function applyAllRetention(
  deps: ApplyRetentionDeps & ExpireArrivalsDeps,
  budget: Budget,
): Promise<void> {
  const ended = await Promise.allSettled([applyRetention(deps, budget), expireArrivals(deps, budget)]);
  const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be deleted.');
}
