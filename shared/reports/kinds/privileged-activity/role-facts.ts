/** What snapshots and changes say about each principal and one role. */
import { groupBy } from '../../../group-by.ts';
import { normalize } from '../../../records/normalize.ts';
import type { RoleHolder } from '../../../tenants/role-holders.ts';
import { direct, type Evidence, type Fact, type Path } from './fact.ts';
import type { Known } from './known.ts';
import { isIn, periodsOf, type Period } from './periods.ts';
import type { RoleChange } from './role-change.ts';
import type { RoleSnapshot } from './role-snapshot.ts';

export interface HistoryOfRole {
  readonly role: string;
  /** Oldest first. */
  readonly snapshots: readonly RoleSnapshot[];
  /** Oldest first; also those of other roles. */
  readonly changes: readonly RoleChange[];
}

/** Facts by key of the principal, in no order. Principals that never held the role have none. */
export type FactsByKey = ReadonlyMap<string, readonly Fact[]>;

/** One fact about one principal. */
interface Said {
  readonly key: string;
  readonly fact: Fact;
}

export function factsOfRole(known: Known, history: HistoryOfRole): FactsByKey {
  const seen = history.snapshots.map((snapshot) => seenIn(known, snapshot));
  const said = [
    ...seen.flatMap(({ paths, evidence }) =>
      [...paths].flatMap(([key, own]) =>
        own.map((path): Said => ({ key, fact: { kind: 'seen', path, evidence } })),
      ),
    ),
    ...directChanges(known, history),
    ...changesOfGroups(known, history, seen),
  ];
  const byKey = groupBy(said, ({ key }) => key);
  return new Map(
    [...byKey].map(([key, own]) => [key, [...own.map(({ fact }) => fact), ...absences(seen, key)]]),
  );
}

/** Who holds the role in a snapshot, and how. */
interface SeenSnapshot {
  readonly evidence: Evidence;
  readonly paths: ReadonlyMap<string, readonly Path[]>;
}

function seenIn({ groups }: Known, { takenAt, holders }: RoleSnapshot): SeenSnapshot {
  const active = holders.filter(({ assignment }) => assignment === 'active');
  const pathsOf = ({ throughGroup, alsoThrough = [] }: RoleHolder) => [
    throughGroup === undefined ? direct : (groups.pathOf([throughGroup]) ?? direct),
    ...alsoThrough.flatMap((group) => groups.pathOf([group]) ?? []),
  ];
  const paths = active.map((holder) => [normalize.text(holder.id), pathsOf(holder)] as const);
  return { evidence: { at: takenAt }, paths: new Map(paths) };
}

function absences(seen: readonly SeenSnapshot[], key: string): readonly Fact[] {
  const without = seen.filter(({ paths }) => !paths.has(key));
  return without.map(({ evidence }) => ({ kind: 'absent', path: direct, evidence }));
}

function directChanges({ people }: Known, { role, changes }: HistoryOfRole): readonly Said[] {
  const own = changes.filter((one) => one.role === role && one.principal.type !== 'group');
  return own.map((change) => ({ key: people.keyOf(change.principal), fact: factOf(change, direct) }));
}

function factOf({ gained, at, recordId }: RoleChange, path: Path): Fact {
  return { kind: gained ? 'gained' : 'lost', path, evidence: { at, recordId } };
}

/** What members gain and lose as members: by joining or leaving a group that holds the role, and with it. */
function changesOfGroups(
  known: Known,
  history: HistoryOfRole,
  seen: readonly SeenSnapshot[],
): readonly Said[] {
  const ofGroups = history.changes.filter(
    ({ role, principal }) => role === history.role && principal.type === 'group',
  );
  const named = ofGroups.flatMap((change) => {
    const path = known.groups.pathOf(change.principal.names);
    return path === undefined ? [] : [{ change, path }];
  });
  const paths = new Set([
    ...named.map(({ path }) => path),
    ...seen.flatMap((one) => [...one.paths.values()].flat()),
  ]);
  paths.delete(direct);
  return [...paths].flatMap((path) => {
    const own = named.filter((one) => one.path === path).map(({ change }) => change);
    const members = membershipsOf(known, history, path);
    const group = { path, changes: own, periods: periodsOf(factsOfGroup(path, own, seen)), members };
    return [...joinedOrLeft(group), ...withTheGroup(group, seen)];
  });
}

interface RoleGroup {
  readonly path: Path;
  /** Those of its own role. */
  readonly changes: readonly RoleChange[];
  /** When it held the role. */
  readonly periods: readonly Period[];
  /** Changes of its members, oldest first. */
  readonly members: readonly { readonly key: string; readonly change: RoleChange }[];
}

function membershipsOf(
  { groups, people }: Known,
  { changes }: HistoryOfRole,
  path: Path,
): RoleGroup['members'] {
  const own = changes.filter(
    ({ group, principal }) =>
      group !== undefined && principal.type !== 'group' && groups.pathOf(group) === path,
  );
  return own.map((change) => ({ key: people.keyOf(change.principal), change }));
}

/** A group without members is in no snapshot. */
function factsOfGroup(
  path: Path,
  changes: readonly RoleChange[],
  seen: readonly SeenSnapshot[],
): readonly Fact[] {
  const facts = seen.map(({ paths, evidence }): Fact => {
    return { kind: [...paths.values()].flat().includes(path) ? 'seen' : 'absent', path: direct, evidence };
  });
  return [...facts, ...changes.map((change) => factOf(change, direct))];
}

function joinedOrLeft({ path, periods, members }: RoleGroup): readonly Said[] {
  const effective = members.filter(({ change }) => periods.some((period) => isIn(period, change.at)));
  return effective.map(({ key, change }) => ({ key, fact: factOf(change, path) }));
}

/** The group gains the role for members that it has then or in the next snapshot, and loses it for all. */
function withTheGroup({ path, changes, members }: RoleGroup, seen: readonly SeenSnapshot[]): readonly Said[] {
  const everSeen = seen.flatMap(({ paths }) =>
    [...paths].flatMap(([key, own]) => (own.includes(path) ? [key] : [])),
  );
  const everyone = new Set([...everSeen, ...members.map(({ key }) => key)]);
  return changes.flatMap((change) => {
    const next = seen.find(({ evidence }) => evidence.at > change.at);
    const isMember = (key: string) =>
      next?.paths.get(key)?.includes(path) === true || lastBefore(members, key, change.at)?.gained === true;
    const affected = [...everyone].filter((key) => !change.gained || isMember(key));
    return affected.map((key) => ({ key, fact: { ...factOf(change, path), ofGroup: true } }));
  });
}

function lastBefore(members: RoleGroup['members'], key: string, at: Date): RoleChange | undefined {
  return members.findLast((one) => one.key === key && one.change.at <= at)?.change;
}
