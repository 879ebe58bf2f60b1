/** All names of the people of a tenant that are known: those who hold or held an admin role. */
import { addressIn, distinctNames } from '../records/person-names.ts';
import type { RoleHolder, RoleHolderStore } from './role-holders.ts';

/** Each set holds the names of one person. */
export type NameSets = readonly (readonly string[])[];

export interface NameDirectory {
  /** All that are known in a tenant. @throws when storage fails */
  namesIn(tenantId: string): Promise<NameSets>;
}

interface NameDirectoryDeps {
  readonly roleHolders: Pick<RoleHolderStore, 'list'>;
  readonly now: () => Date;
}

/** How long a person is still known by the names of earlier snapshots. */
const rememberedMs = 400 * 24 * 60 * 60_000;

/** Names of everyone who holds or held the role: one read of the tenant's snapshots. */
export function createNameDirectory({ roleHolders, now }: NameDirectoryDeps): NameDirectory {
  return {
    async namesIn(tenantId) {
      const to = new Date(now().getTime() + 1);
      const snapshots = await roleHolders.list(tenantId, new Date(to.getTime() - rememberedMs), to);
      const byId = new Map<string, readonly string[]>();
      for (const { holders } of snapshots) {
        for (const holder of holders)
          byId.set(holder.id, distinctNames([...(byId.get(holder.id) ?? []), ...namesOfHolder(holder)]));
      }
      return [...byId.values()];
    },
  };
}

function namesOfHolder({
  id,
  userPrincipalName,
  appId,
  names = [],
}: RoleHolder): readonly (string | undefined)[] {
  const principal = appId === undefined ? [] : [appId, `ServicePrincipal_${id}`];
  return [id, userPrincipalName, addressIn(userPrincipalName ?? ''), ...principal, ...names];
}
