/** What the snapshots and the changes that were read so far say: computed again after each scan of changes. */
import { groupBy } from '../../../group-by.ts';
import type { NameSets } from '../../../tenants/name-directory.ts';
import { actingNames, type ActingNames } from './acting-names.ts';
import { certaintyAt } from './certainty.ts';
import { holdingsOf, type Holding } from './holdings.ts';
import { knownIn } from './known.ts';
import type { KnownPrincipal } from './known-principals.ts';
import { inOrderOfTime, type RoleChange } from './role-change.ts';
import type { RoleSnapshot } from './role-snapshot.ts';

export interface Told {
  /** Half-open. */
  readonly range: { readonly from: Date; readonly to: Date };
  readonly snapshots: readonly RoleSnapshot[];
  readonly changes: readonly RoleChange[];
  readonly people: NameSets;
}

export interface HoldersOfRange {
  /** Those that overlap the range. */
  readonly holdings: readonly Holding[];
  readonly principals: ReadonlyMap<string, KnownPrincipal>;
  readonly names: ActingNames;
  /** Whether the principal held one of the roles; undefined: it did not. */
  readonly heldAt: (key: string, moment: Date) => Held | undefined;
}

interface Held {
  /** Of one of the roles at least. */
  readonly isCertain: boolean;
  /** Indexes of the holdings. */
  readonly holdings: readonly number[];
}

export function holdersOfRange({ range, snapshots, changes, people }: Told): HoldersOfRange {
  const holdings = holdingsOf({ snapshots, changes }).filter(
    ({ from, to }) => (from === undefined || from < range.to) && (to === undefined || to > range.from),
  );
  const principals = new Map(holdings.map(({ principal }) => [principal.key, principal]));
  const indexed = holdings.map((holding, index) => ({ holding, index }));
  const byKey = groupBy(indexed, ({ holding }) => holding.principal.key);
  return {
    holdings,
    principals,
    names: actingNames([...principals.values()], people),
    heldAt(key, moment) {
      const found = (byKey.get(key) ?? []).flatMap(({ holding, index }) => {
        const certainty = certaintyAt(holding, moment);
        return certainty === undefined ? [] : [{ certainty, index }];
      });
      if (found.length === 0) return undefined;
      const isCertain = found.some(({ certainty }) => certainty === 'certainly');
      return { isCertain, holdings: found.map(({ index }) => index) };
    },
  };
}

/** Whether memberships of groups can matter: some group holds a role. */
export function hasRoleGroups({ snapshots, changes }: Pick<Told, 'snapshots' | 'changes'>): boolean {
  const inSnapshot = snapshots.some(({ holders }) =>
    holders.some(({ throughGroup, alsoThrough }) => (throughGroup ?? alsoThrough) !== undefined),
  );
  return (
    inSnapshot || changes.some(({ role, principal }) => role !== undefined && principal.type === 'group')
  );
}

/** Whether the change is one of a role, or of the members of a group that may hold one. */
export function canMatter(told: Pick<Told, 'snapshots' | 'changes'>): (change: RoleChange) => boolean {
  const { groups } = knownIn(told.snapshots, inOrderOfTime(told.changes));
  return ({ group }) => group === undefined || groups.pathOf(group) !== undefined;
}
