/** What followers of sets of tenants must get, told by what happens to the tenants. */

/** The sets that are followed. */
export type Followed = '*' | 'tag:gold';

export const goldTag = 'gold';

/** Each change comes once everything of the tenant has arrived. */
export interface DueRecords {
  readonly registered: (tenantId: string, tags: readonly string[]) => void;
  readonly tagged: (tenantId: string, tags: readonly string[]) => void;
  readonly removed: (tenantId: string, options: { readonly purge: boolean }) => void;
  /** Microsoft publishes records of a registered tenant. */
  readonly published: (tenantId: string, ids: readonly string[]) => void;
  /** IDs of all that Microsoft published of a tenant. */
  readonly idsOf: (tenantId: string) => readonly string[];
  /** IDs, each as often as a follower must get it, in no order. */
  readonly of: (followed: Followed) => readonly string[];
}

interface Known {
  readonly isGold: boolean;
  readonly isManaged: boolean;
  readonly isPurged: boolean;
  readonly ids: readonly string[];
}

const unknown: Known = { isGold: false, isManaged: false, isPurged: false, ids: [] };

/**
 * A record is due once for each time that it is collected while its tenant is in the set. After a purge, what Microsoft
 * still lists is collected again.
 */
export function createDueRecords(): DueRecords {
  const tenants = new Map<string, Known>();
  const due: Readonly<Record<Followed, string[]>> = { '*': [], 'tag:gold': [] };
  const knownOf = (tenantId: string) => tenants.get(tenantId) ?? unknown;
  const change = (tenantId: string, changes: Partial<Known>) => {
    tenants.set(tenantId, { ...knownOf(tenantId), ...changes });
  };
  const collect = (tenantId: string, ids: readonly string[]) => {
    const { isGold, isManaged } = knownOf(tenantId);
    if (!isManaged) throw new Error('Nothing is collected of a tenant that is not registered.');
    due['*'].push(...ids);
    if (isGold) due['tag:gold'].push(...ids);
  };
  return {
    registered: (tenantId, tags) => {
      const { isPurged, ids } = knownOf(tenantId);
      change(tenantId, { isManaged: true, isGold: tags.includes(goldTag), isPurged: false });
      if (isPurged) collect(tenantId, ids);
    },
    tagged: (tenantId, tags) => {
      change(tenantId, { isGold: tags.includes(goldTag) });
    },
    removed: (tenantId, { purge }) => {
      change(tenantId, { isManaged: false, isPurged: purge });
    },
    published: (tenantId, ids) => {
      change(tenantId, { ids: [...knownOf(tenantId).ids, ...ids] });
      collect(tenantId, ids);
    },
    idsOf: (tenantId) => knownOf(tenantId).ids,
    of: (followed) => due[followed],
  };
}
