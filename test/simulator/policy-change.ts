/** Changes the decisions of a tenant's administrators about the application. */

import type { Settings } from './settings.ts';
import type { TenantPolicy, TenantState } from './tenant-states.ts';

/** Properties that are absent or undefined stay unchanged. */
export type PolicyChange = { readonly [K in keyof TenantPolicy]?: TenantPolicy[K] | undefined };

/**
 * Consent, application roles, and directory roles in Exchange take effect after their delays; everything else,
 * including the end of consent, takes effect immediately.
 */
export const changePolicyOf = (state: TenantState, change: PolicyChange, settings: Settings): void => {
  const { consented, grantedRoles, ...immediate } = change;
  state.policy.patch(immediate);
  state.policy.patchAfter({ consented }, consented === true ? settings.consentDelayMs : 0);
  state.policy.patchAfter({ grantedRoles }, settings.appRoleDelayMs);
  state.exchange.organization.patchAfter(
    { effectiveRoles: change.directoryRoles },
    settings.directoryRoleDelayMs,
  );
};
