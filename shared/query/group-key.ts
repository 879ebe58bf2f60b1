/** What records can be counted by. */
import { normaliseAddress, normaliseText, normaliseUrl } from '../records/normalise.ts';
import type { FoundRecord } from './found-record.ts';
import { publicRecord, type RecordMember } from './public-record.ts';

/** Name of the parameter's value, and of the member of the answer → how a record says it. */
type GroupValue = (record: FoundRecord) => {
  readonly shown: string | number | undefined;
  readonly same: string;
};

const byMember = (member: RecordMember, normalise: (text: string) => string = normaliseText): GroupValue => {
  return (record) => {
    const members: Readonly<Partial<Record<RecordMember, unknown>>> = publicRecord(record);
    const value = members[member];
    const shown = typeof value === 'string' || typeof value === 'number' ? value : undefined;
    return { shown, same: shown === undefined ? '' : `=${normalise(String(shown))}` };
  };
};

const byTime =
  (characters: number, rest: string): GroupValue =>
  ({ createdDateTime }) => {
    const shown = `${createdDateTime.toISOString().slice(0, characters)}${rest}`;
    return { shown, same: shown };
  };

const groupValues = {
  operation: byMember('operation'),
  user: byMember('userId'),
  userType: byMember('userType'),
  service: byMember('service'),
  recordType: byMember('auditLogRecordType'),
  clientIp: byMember('clientIp', normaliseAddress),
  resultStatus: byMember('resultStatus'),
  objectId: byMember('objectId'),
  siteUrl: byMember('siteUrl', normaliseUrl),
  mailbox: byMember('mailboxOwner'),
  team: byMember('teamId'),
  contentType: byMember('contentType'),
  day: byTime(10, ''),
  hour: byTime(13, ':00:00Z'),
} as const satisfies Readonly<Record<string, GroupValue>>;

export type GroupKey = keyof typeof groupValues;
export const groupKeys = Object.keys(groupValues).filter(isGroupKey);

export function isGroupKey(name: string): name is GroupKey {
  return Object.hasOwn(groupValues, name);
}

/** Records in chronological order of their groups make a histogram. */
export function isTimeKey(key: GroupKey): boolean {
  return key === 'day' || key === 'hour';
}

/** The value of a record under a key; `same` is equal for values that filters take for equal. */
export function groupValue(key: GroupKey, record: FoundRecord): ReturnType<GroupValue> {
  return groupValues[key](record);
}
