/** What filters may compare: the members of a record, and the type of each. */
import { suggest } from '../../http/did-you-mean.ts';
import { isOriginalMember } from '../../index/packing.ts';
import { isDelivered, isRecordMember, recordMembers } from '../../records/member-kinds.ts';
import { deliveredMembers } from '../../records/delivered-members.ts';
import { addedMembers } from '../../records/members.ts';
import type { FilterNode, Literal } from './filter-node.ts';

type MemberType = 'text' | 'number' | 'moment';

/** Undefined for what cannot be compared: lists, and members that rows of earlier versions do not hold. */
export function typeOfMember(name: string): MemberType | undefined {
  if (!isRecordMember(name)) return undefined;
  if (!isDelivered(name)) return addedMembers[name].type;
  const { kind } = deliveredMembers[name];
  if (kind === 'list' || !isOriginalMember(name)) return undefined;
  return kind === 'recordType' ? 'number' : 'text';
}

export const filterMembers: readonly string[] = recordMembers.filter(
  (name) => typeOfMember(name) !== undefined,
);

/** The whole record; `auditData/a/b` is a value in it, of any type. */
export const wholeRecord = 'auditData';

export function isPath(member: string): boolean {
  return member.startsWith(`${wholeRecord}/`);
}

/** Why the member cannot be compared, whatever with; undefined if it can. */
export function incomparable(member: string): string | undefined {
  if (isPath(member) || typeOfMember(member) !== undefined) return undefined;
  return member === wholeRecord
    ? `${wholeRecord} supports only contains(${wholeRecord},'text')`
    : `unknown member ${member.slice(0, 64)}. ${suggest(member, filterMembers)}`;
}

/** Why a member that can be compared is not compared with the literal; undefined if it is. */
export function mismatch(member: string, literal: Literal): string | undefined {
  const type = typeOfMember(member);
  if (type === undefined || literal.type === 'null' || literal.type === type) return undefined;
  return `${member} is compared with ${examples[type]}`;
}

const examples: Readonly<Record<MemberType, string>> = {
  text: "a text in single quotes, such as 'a'",
  number: 'a number, such as 6',
  moment: 'a date and time without quotes, such as 2026-03-02T09:00:00Z',
};

/** Whether a filter reads the record's text. */
export function readsText(node: FilterNode): boolean {
  if ('nodes' in node) return node.nodes.some(readsText);
  if ('node' in node) return readsText(node.node);
  return node.member === wholeRecord || isPath(node.member);
}
