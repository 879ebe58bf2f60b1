/** The partner's policy for new tenants. */
import type { Access } from '../../shared/access/access.ts';
import * as api from '../../shared/api/policy.ts';
import { handler } from '../../shared/http/handler.ts';
import type { PolicyDeps } from '../../shared/tenants/policy.ts';

export const getPolicyHandler = handler(api.getPolicy, async ({ policy }: PolicyDeps, { reply }) =>
  reply(200, await policy.get()),
);

interface SetPolicyDeps extends PolicyDeps {
  readonly access: Pick<Access, 'requireAllTenants'>;
}

export const setPolicyHandler = handler(
  api.setPolicy,
  async ({ policy, access }: SetPolicyDeps, { caller, body, reply }) => {
    // It turns auditing on later, on behalf of the caller.
    if (body.enablement !== undefined) access.requireAllTenants(caller, 'auditing.enable');
    await policy.put(body);
    return reply(200, body);
  },
);
