/** Every day: deletes entries of the access log, repeated requests, webhook ids and consent links whose time is over. */
import type { TimerFunctionOptions } from '@azure/functions';
import type { Budgets } from '../shared/budget.ts';
import { purgeExpired, type PurgeExpiredDeps } from '../shared/retention/purge-expired.ts';

/** @throws when storage fails: the next run goes on */
export function purgeExpiredFunction(deps: PurgeExpiredDeps & Budgets): TimerFunctionOptions {
  return { schedule: '0 53 1 * * *', handler: () => purgeExpired(deps, deps.startBudget(deps.budgetMs)) };
}
