/** Who holds, or held during a range of days, Global Administrator. */
import * as api from '../../shared/api/tenants.ts';
import { handler } from '../../shared/http/handler.ts';
import { mergeSnapshots, type RoleHolderStore } from '../../shared/tenants/role-holders.ts';

interface RoleHoldersDeps {
  readonly roleHolders: RoleHolderStore;
  readonly now: () => Date;
}

const defaultDays = 30;

export const listRoleHoldersHandler = handler(
  api.listRoleHolders,
  async ({ roleHolders, now }: RoleHoldersDeps, { tenant, query, reply }) => {
    const to = query.to ?? now();
    const from = query.from ?? new Date(to.getTime() - defaultDays * 24 * 60 * 60_000);
    const snapshots = await roleHolders.list(tenant.tenantId, from, to);
    const value = mergeSnapshots(snapshots).map((holder) => ({
      ...holder,
      firstSeenDateTime: holder.firstSeenDateTime.toISOString(),
      lastSeenDateTime: holder.lastSeenDateTime.toISOString(),
    }));
    return reply(200, { generatedDateTime: snapshots.at(-1)?.takenAt.toISOString(), value });
  },
);
