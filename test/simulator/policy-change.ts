/** Changes what a tenant's administrators have decided about the application. */

import type { Settings } from './settings.ts';
import type { TenantPolicy, TenantState } from './tenant-states.ts';

/** Properties that are absent or undefined stay as they are. */
export type PolicyChange = { readonly [K in keyof TenantPolicy]?: TenantPolicy[K] | undefined };

/**
 * Consent, application roles and what Exchange knows of directory roles come into effect after their delays; all else,
 * and the end of consent, does so at once.
 */
export const changePolicyOf = (state: TenantState, change: PolicyChange, settings: Settings): void => {
  const { consented, grantedRoles, ...immediate } = change;
  state.policy.patch(immediate);
  state.policy.patchAfter({ consented }, consented === true ? settings.consentDelayMs : 0);
  state.policy.patchAfter({ grantedRoles }, settings.appRoleDelayMs);
  state.exchange.organization.patchAfter(
    { honouredRoles: change.directoryRoles },
    settings.directoryRoleDelayMs,
  );
};
