/** Who held which role when, and how that is known. */
import { groupBy } from '../../../group-by.ts';
import { direct } from './fact.ts';
import { knownIn } from './known.ts';
import type { KnownPrincipal } from './known-principals.ts';
import { periodsOf, type Period } from './periods.ts';
import { inOrderOfTime, type RoleChange } from './role-change.ts';
import { factsOfRole } from './role-facts.ts';
import type { RoleSnapshot } from './role-snapshot.ts';

export interface Holding extends Period {
  readonly principal: KnownPrincipal;
  /** Template id. */
  readonly role: string;
  /** Names of the groups through which it was held, as far as is known. */
  readonly groups: readonly string[];
}

export interface RoleHistory {
  /** Of any number of roles, in any order. */
  readonly snapshots: readonly RoleSnapshot[];
  /** In any order; the same record may be given several times. */
  readonly changes: readonly RoleChange[];
}

/**
 * Every period in which a user or service principal held a role, the periods of one principal and role in order: members of
 * groups hold what their group holds, and eligible principals only what they have activated. Where snapshots and records leave
 * open when a role was gained or lost, it counts as held, and the borders say so. What was gained and lost again without a
 * record that is known and between two snapshots is not found.
 */
export function holdingsOf({ snapshots, changes }: RoleHistory): readonly Holding[] {
  const ordered = snapshots.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
  const distinct = [...new Map(changes.map((one) => [`${one.recordId} ${one.role ?? ''}`, one])).values()];
  const byTime = inOrderOfTime(distinct);
  const known = knownIn(ordered, byTime);
  const roles = new Set([...ordered, ...byTime].flatMap(({ role }) => role ?? []));
  const byRole = groupBy(ordered, ({ role }) => role);
  return [...roles].flatMap((role) => {
    const facts = factsOfRole(known, { role, snapshots: byRole.get(role) ?? [], changes: byTime });
    return known.people.all.flatMap((principal) =>
      periodsOf(facts.get(principal.key) ?? []).map((period) => ({
        ...period,
        principal,
        role,
        groups: period.paths.filter((path) => path !== direct).map(known.groups.nameOf),
      })),
    );
  });
}
