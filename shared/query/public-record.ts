/** A record as answers show it: names as in Microsoft Graph's auditLogRecord. */
import { isDelivered, recordMembers, type Writable } from '../records/member-kinds.ts';
import type { deliveredMembers, DeliveredName } from '../records/delivered-members.ts';
import type { IndexedRecord } from '../records/indexed-record.ts';
import { addedMembers, type RecordMember } from '../records/members.ts';
import { userTypeName } from '../records/record-types.ts';

/** How answers show a delivered value, by kind. */
type ShownValue<Kind> = Kind extends 'list' ? readonly string[] : Kind extends 'recordType' ? number : string;

type ShownMember<K extends RecordMember> = K extends DeliveredName
  ? ShownValue<(typeof deliveredMembers)[K]['kind']>
  : K extends keyof typeof addedMembers
    ? ReturnType<(typeof addedMembers)[K]['value']>
    : never;

/** A record as answers show it. Only selected members are present; undefined ones were not delivered. */
export type PublicRecord = { readonly [K in RecordMember]?: ShownMember<K> | undefined };

export type MemberValue = PublicRecord[RecordMember];

export function memberValue<K extends RecordMember>(name: K, record: IndexedRecord): PublicRecord[K];
export function memberValue(name: RecordMember, record: IndexedRecord): MemberValue {
  if (!isDelivered(name)) return addedMembers[name].value(record);
  if (name !== 'userType') return record.summary[name];
  const { userType } = record.summary;
  return userType === undefined ? undefined : userTypeName(userType);
}

/** The selected members, in that order; all members if none are selected. */
export function publicRecord(
  record: IndexedRecord,
  select: readonly RecordMember[] = recordMembers,
): PublicRecord {
  const shown: Writable<PublicRecord> = {};
  for (const name of select) setMember(shown, name, record);
  return shown;
}

function setMember<K extends RecordMember>(
  shown: Writable<Pick<PublicRecord, K>>,
  name: K,
  record: IndexedRecord,
): void {
  shown[name] = memberValue(name, record);
}
