/** Timer: once a day, looks again for what polls may have missed. */
import type { TimerFunctionOptions } from '@azure/functions';
import { reconcileTenants, type ReconcileDeps } from '../shared/landing/reconcile.ts';

/** At 02:17 UTC: not on the hour, when everybody else's timers fire. */
export function reconcileActivityFeedFunction(deps: ReconcileDeps): TimerFunctionOptions {
  return { schedule: '0 17 2 * * *', handler: () => reconcileTenants(deps) };
}
