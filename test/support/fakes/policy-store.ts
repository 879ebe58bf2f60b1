/** The partner's policy in memory. */
import type { Policy, PolicyStore } from '../../../shared/tenants/policy.ts';

export function createFakePolicyStore(): PolicyStore {
  let kept: Policy = {};
  return {
    get: () => Promise.resolve(kept),
    put: (policy) => {
      kept = policy;
      return Promise.resolve();
    },
  };
}
