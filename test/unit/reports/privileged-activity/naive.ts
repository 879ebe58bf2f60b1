/**
 * What holders of roles did, computed again from snapshots and from the texts of records, one moment at a time. Nothing of the report is
 * used: neither how it reads changes of roles, nor how it finds out when a role was held.
 */
import * as z from 'zod';
import type { RoleHolderSnapshot } from '../../../../shared/tenants/role-holders.ts';
import type { StoredRecord } from '../driven-kind.ts';

/** Whether the role was held; undefined: it was not. */
export type Held = 'yes' | 'possibly' | undefined;

const secondMs = 1000;
const repeatedMs = 5 * 60_000;
const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';

const named = z.looseObject({
  Name: z.string(),
  NewValue: z.unknown().optional(),
  OldValue: z.unknown().optional(),
});
const textSchema = z.looseObject({
  ...{ Id: z.string(), CreationTime: z.string(), Operation: z.string().default('') },
  ...{ UserId: z.string().catch(''), UserKey: z.string().catch('') },
  ...{ ResultStatus: z.unknown().optional(), ObjectId: z.unknown().optional() },
  ModifiedProperties: z.array(named).catch([]),
  Target: z.array(z.looseObject({ ID: z.string(), Type: z.number() })).catch([]),
  Actor: z.array(z.looseObject({ ID: z.string() })).catch([]),
});
export type Text = z.infer<typeof textSchema>;

export const textOf = ({ text }: StoredRecord): Text => textSchema.parse(JSON.parse(text.toString('utf8')));
export const momentOf = ({ CreationTime }: Text): number => Date.parse(`${CreationTime.replace(/Z$/, '')}Z`);

/** What a snapshot or a record says of someone and a role: whether it was held just before that, and after it. */
interface Evidence {
  readonly at: number;
  readonly before: boolean | undefined;
  readonly after: boolean;
  readonly kind: 'loss' | 'gain' | 'repeated' | 'snapshot';
}

const order = ['loss', 'gain', 'repeated', 'snapshot'];

/** Someone, or a group: all names in lower case. */
interface Principal {
  readonly id: string;
  readonly names: readonly string[];
}

interface Change {
  readonly at: number;
  readonly gained: boolean;
  readonly of: Principal;
  readonly isGroup: boolean;
  /** Template id, or name of the role; undefined: the membership of a group changed. */
  readonly roles: readonly string[] | undefined;
  readonly groups: readonly string[];
}

const lower = (text: string) => text.trim().toLowerCase();
const guidAtEnd = /^(User|Group|ServicePrincipal)_([0-9a-f-]{36})$/i;

function changeIn(text: Text): readonly Change[] {
  const found = /^(add|remove) (?:scoped )?member (?:to|from) (role|group)\.?$/i.exec(text.Operation.trim());
  const target = text.Target.map(({ ID }) => guidAtEnd.exec(ID)).find((match) => match !== null);
  if (found === null || /^fail|^false/i.test(String(text.ResultStatus))) return [];
  const [, kind = '', id = ''] = target ?? [];
  const names = text.Target.filter(
    ({ Type }) => Type === 3 || Type === 5 || (kind === 'Group' && Type === 1),
  );
  const address = typeof text.ObjectId === 'string' && text.ObjectId.includes('@') ? [text.ObjectId] : [];
  const valuesOf = (wanted: RegExp) =>
    text.ModifiedProperties.filter(({ Name }) => wanted.test(Name))
      .flatMap(({ NewValue, OldValue }) => [NewValue, OldValue])
      .flatMap((value) =>
        typeof value === 'string' && value !== '' ? [lower(value.replaceAll('"', ''))] : [],
      );
  return [
    {
      ...{ at: momentOf(text), gained: /^add/i.test(text.Operation.trim()), isGroup: kind === 'Group' },
      of: { id: lower(id), names: [id, ...names.map(({ ID }) => ID), ...address].map(lower) },
      roles: /role/i.test(found[2] ?? '') ? valuesOf(/^Role\.(?:TemplateId|DisplayName)$/) : undefined,
      groups: valuesOf(/^Group\./),
    },
  ];
}

/** As some records spell a name, and what others write for the same person. */
function formsOf(name: string): readonly string[] {
  const bare = lower(name).replace(/^(?:urn:spo:guest#|live\.com#|i:0[^|]*\|membership\||smtp:)/, '');
  const home = /^(.+)_([^_@]+)#ext#@/.exec(bare);
  return [lower(name), bare, ...(home ? [`${home[1] ?? ''}@${home[2] ?? ''}`] : [])];
}

/** Who did it, by all names: a `UserId` that is an address needs no other. */
function actorsOf({ UserId, UserKey, Actor }: Text): readonly string[] {
  const others = UserId.includes('@') ? [] : [UserKey, ...Actor.map(({ ID }) => ID)];
  return [UserId, ...others].flatMap(formsOf);
}

export interface History {
  readonly snapshots: readonly RoleHolderSnapshot[];
  readonly records: readonly StoredRecord[];
  /** Template id and name. */
  readonly role: readonly [id: string, name: string];
}

/** Everyone whom snapshots and changes name, each once. */
function everyone(history: History, changes: readonly Change[]): readonly Principal[] {
  const ofSnapshots = history.snapshots.flatMap(
    (one) =>
      holdersIn(one, history.role[0])?.map(({ id, userPrincipalName = '', names = [] }) => {
        return { id: lower(id), names: [id, userPrincipalName, ...names].map(lower) };
      }) ?? [],
  );
  const all = [...ofSnapshots, ...changes.filter(({ isGroup }) => !isGroup).map((change) => change.of)];
  return [...new Set(all.map(({ id }) => id))].map((id) => ({
    id,
    names: [...new Set(all.flatMap((one) => (one.id === id ? one.names : [])))].filter((name) => name !== ''),
  }));
}

function holdersIn({ holders, otherRoles = [] }: RoleHolderSnapshot, role: string) {
  const all = role === globalAdministrator ? holders : otherRoles.find((one) => one.role === role)?.holders;
  return all?.filter(({ assignment }) => assignment === 'active');
}

const evidenceOf = ({ at, gained }: Change): Evidence =>
  gained
    ? { at, before: undefined, after: true, kind: 'gain' }
    : { at, before: true, after: false, kind: 'loss' };

/** In order of time. What Privileged Identity Management says a few seconds after the directory is the same again. */
function ordered(evidence: readonly Evidence[]): readonly Evidence[] {
  const sorted = evidence.toSorted((a, b) => a.at - b.at || order.indexOf(a.kind) - order.indexOf(b.kind));
  return sorted.flatMap((one, index) => {
    const last = sorted[index - 1];
    const isRepeated = last?.kind === one.kind && one.at - last.at <= repeatedMs;
    if (one.kind === 'snapshot' || !isRepeated) return [one];
    return one.kind === 'loss' ? [] : [{ ...one, before: true, kind: 'repeated' as const }];
  });
}

function heldAt(all: readonly Evidence[], moment: number): Held {
  const isAt = ({ at, kind }: Evidence) =>
    (kind === 'gain' || kind === 'loss') && moment >= at && moment < at + secondMs;
  if (all.some(isAt)) return 'possibly';
  if (all.some(({ at, kind, after }) => kind === 'snapshot' && at === moment && after)) return 'yes';
  const before = all.findLast(({ at }) => at <= moment)?.after === true;
  const after = all.find(({ at }) => at > moment)?.before === true;
  if (before && after) return 'yes';
  return before || after ? 'possibly' : undefined;
}

const both = (one: Held, other: Held): Held =>
  one === 'yes' && other === 'yes' ? 'yes' : one && other && 'possibly';

/** Who held the role at a moment, for any of the names by which a record says who did it. */
export interface Known {
  readonly of: (text: Text) => { readonly held: Held; readonly id: string };
  /** The one who has a name. */
  readonly idOf: (name: string) => string;
}

export function naively(history: History): Known {
  const [roleId, roleName] = history.role.map(lower);
  const isRole = (text: string) => text === roleId || text === roleName;
  const changes = history.records.map(textOf).flatMap(changeIn);
  const ofRole = changes.filter(({ roles }) => roles?.some(isRole) === true);
  const groups = ofRole.filter(({ isGroup }) => isGroup);
  const people = everyone(
    history,
    changes.filter((one) => one.roles === undefined || ofRole.includes(one)),
  );
  const snapshotsOf = (id: string) =>
    history.snapshots.flatMap((one): readonly Evidence[] => {
      const holders = holdersIn(one, history.role[0]);
      const isSeen = holders?.some((holder) => lower(holder.id) === id) === true;
      if (holders === undefined) return [];
      return [{ at: one.takenAt.getTime(), before: isSeen, after: isSeen, kind: 'snapshot' }];
    });
  const evidence = people.map(({ id, names }) => ({
    ...{ id, names: new Set(names.flatMap(formsOf)) },
    direct: ordered([...snapshotsOf(id), ...ofRole.filter((one) => one.of.id === id).map(evidenceOf)]),
    through: groups.map((group) => {
      const isMember = (one: Change) => one.roles === undefined && one.groups.includes(group.of.id);
      const own = changes.filter((one) => isMember(one) && one.of.id === id);
      return [
        ordered(own.map(evidenceOf)),
        // A snapshot without someone says that no group gives the role then.
        ordered([
          ...snapshotsOf(id).filter(({ after }) => !after),
          ...groups.filter(({ of }) => of.id === group.of.id).map(evidenceOf),
        ]),
      ] as const;
    }),
  }));
  const heldBy = ({ direct, through }: (typeof evidence)[number], moment: number): Held => {
    const ways = through.map(([member, group]) => both(heldAt(member, moment), heldAt(group, moment)));
    const all = [heldAt(direct, moment), ...ways];
    return all.find((one) => one === 'yes') ?? all.find((one) => one !== undefined);
  };
  return {
    of(text) {
      const actors = actorsOf(text);
      const found = evidence
        .filter(({ names }) => actors.some((name) => names.has(name)))
        .map((one) => ({ id: one.id, held: heldBy(one, momentOf(text)) }));
      const held = found.find((one) => one.held === 'yes') ?? found.find((one) => one.held !== undefined);
      return held ?? { id: '', held: undefined };
    },
    idOf: (name) => evidence.find(({ names }) => names.has(lower(name)))?.id ?? lower(name),
  };
}
