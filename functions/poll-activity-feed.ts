/** Timer: collects what is new from every tenant that is due. */
import type { TimerFunctionOptions } from '@azure/functions';
import type { Budgets } from '../shared/budget.ts';
import { pollDueTenants, type PollTenantsDeps } from '../shared/landing/poll-tenants.ts';

/** Every five minutes; quiet tenants are left out of most rounds. */
export function pollActivityFeedFunction(deps: PollTenantsDeps & Budgets): TimerFunctionOptions {
  return { schedule: '0 */5 * * * *', handler: () => pollDueTenants(deps, deps.startBudget(deps.budgetMs)) };
}
