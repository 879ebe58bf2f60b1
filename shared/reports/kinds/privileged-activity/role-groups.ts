/** Groups that hold a role for their members, as snapshots and changes name them. */
import { normalize } from '../../../records/normalize.ts';
import type { RoleHolder } from '../../../tenants/role-holders.ts';
import type { ChangedPrincipal } from './changed-principal.ts';
import type { Path } from './fact.ts';

export interface RoleGroups {
  /** The path of members of the group that has one of the names; undefined if no such group is known to hold a role. */
  readonly pathOf: (names: readonly string[]) => Path | undefined;
  /** As snapshots or records spell it. */
  readonly nameOf: (path: Path) => string;
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Snapshots have the name of a group, or its id if it has no name; records have both. Two groups may have the same name: where
 * the ids are known, they decide.
 * @param changed groups that gained or lost a role themselves
 */
export function roleGroups(
  holders: readonly Pick<RoleHolder, 'throughGroup' | 'alsoThrough'>[],
  changed: readonly ChangedPrincipal[],
): RoleGroups {
  const paths = new Map<string, Path>();
  const spelled = new Map<Path, string>();
  for (const { names } of changed) {
    const same = names.map(normalize.text);
    const path = same.find((name) => guid.test(name)) ?? same[0];
    if (path === undefined) continue;
    for (const name of same) paths.set(name, path);
    spelled.set(path, names.find((name) => !guid.test(normalize.text(name))) ?? path);
  }
  for (const group of holders.flatMap(({ throughGroup, alsoThrough = [] }) => [
    throughGroup,
    ...alsoThrough,
  ])) {
    const name = normalize.text(group ?? '');
    if (group === undefined || name === '' || paths.has(name)) continue;
    paths.set(name, name);
    spelled.set(name, group);
  }
  return {
    nameOf: (path) => spelled.get(path) ?? path,
    pathOf(names) {
      const same = names.map(normalize.text);
      const id = same.find((name) => guid.test(name));
      const found = same.flatMap((name) => paths.get(name) ?? []);
      return found.find((path) => id === undefined || path === id || !guid.test(path));
    },
  };
}
