/** What records can be counted by. */
import { normalizerOf, recordMembers } from '../records/member-kinds.ts';
import { members, type RecordMember } from '../records/members.ts';
import type { FoundRecord } from './found-record.ts';
import { memberValue } from './public-record.ts';

type MemberKey = Extract<(typeof members)[RecordMember], { groupKey: unknown }>['groupKey'];
export type GroupKey = MemberKey | TimeKey;
/** What records of several tenants can be counted by. */
export type SetGroupKey = GroupKey | 'tenantId';

/** Records in chronological order of their groups make a histogram. */
const timeKeys = { day: [10, ''], hour: [13, ':00:00Z'] } as const;
type TimeKey = keyof typeof timeKeys;

const memberOfKey: ReadonlyMap<string, RecordMember> = new Map(
  recordMembers.flatMap((name) => {
    const row = members[name];
    return 'groupKey' in row ? [[row.groupKey, name] as const] : [];
  }),
);

export function isGroupKey(name: string): name is GroupKey {
  return memberOfKey.has(name) || isTimeKey(name);
}

export function isSetGroupKey(name: string): name is SetGroupKey {
  return name === 'tenantId' || isGroupKey(name);
}

export function isTimeKey(name: string): name is TimeKey {
  return Object.hasOwn(timeKeys, name);
}

export const groupKeys: readonly GroupKey[] = [...memberOfKey.keys(), ...Object.keys(timeKeys)].filter(
  isGroupKey,
);

export const setGroupKeys: readonly SetGroupKey[] = ['tenantId', ...groupKeys];

/** The value of a record under a key; `same` is equal for values that filters treat as equal. */
export function groupValue(
  key: SetGroupKey,
  record: FoundRecord,
): { readonly shown: string | undefined; readonly same: string } {
  if (key === 'tenantId') return { shown: record.tenantId, same: record.tenantId };
  if (isTimeKey(key)) {
    const [characters, rest] = timeKeys[key];
    const shown = `${record.createdDateTime.toISOString().slice(0, characters)}${rest}`;
    return { shown, same: shown };
  }
  const member = memberOfKey.get(key);
  const value = member && memberValue(member, record);
  const shown = typeof value === 'string' ? value : undefined;
  return {
    shown,
    same: shown === undefined || member === undefined ? '' : `=${normalizerOf(member)(shown)}`,
  };
}
