/** What filters may compare: the members of a record, and what type each has. */
import type { FilterNode, Literal } from './filter-node.ts';

export type MemberType = 'text' | 'number' | 'moment';

/** The members that answers show, but for the ones that are no single value. */
const types: ReadonlyMap<string, MemberType> = new Map<string, MemberType>([
  ['id', 'text'],
  ['createdDateTime', 'moment'],
  ['createdDateTimeSource', 'text'],
  ['auditLogRecordType', 'text'],
  ['recordType', 'number'],
  ['operation', 'text'],
  ['userId', 'text'],
  ['userType', 'text'],
  ['userKey', 'text'],
  ['service', 'text'],
  ['objectId', 'text'],
  ['clientIp', 'text'],
  ['resultStatus', 'text'],
  ['siteUrl', 'text'],
  ['mailboxOwner', 'text'],
  ['teamId', 'text'],
  ['organizationId', 'text'],
  ['contentType', 'text'],
  ['ingestedDateTime', 'moment'],
]);

export const filterMembers: readonly string[] = [...types.keys()];

/** The whole record; `auditData/a/b` is a value in it, of whatever type. */
export const wholeRecord = 'auditData';

export function isPath(member: string): boolean {
  return member.startsWith(`${wholeRecord}/`);
}

export function typeOfMember(member: string): MemberType | undefined {
  return types.get(member);
}

/** Why the member cannot be compared with the literal; undefined when it can. */
export function mismatch(member: string, literal: Literal): string | undefined {
  if (isPath(member)) return undefined;
  if (member === wholeRecord) return `${wholeRecord} is compared by contains(${wholeRecord},'text') only`;
  const type = typeOfMember(member);
  if (type === undefined)
    return `there is no member ${member.slice(0, 64)}; known: ${filterMembers.join(', ')}`;
  if (literal.type === 'null' || literal.type === type) return undefined;
  return `${member} is compared with ${examples[type]}`;
}

const examples: Readonly<Record<MemberType, string>> = {
  text: "a text in single quotes, such as 'a'",
  number: 'a number, such as 6',
  moment: 'a date and time without quotes, such as 2026-03-02T09:00:00Z',
};

/** Whether a filter looks into the record's text. */
export function readsText(node: FilterNode): boolean {
  if ('nodes' in node) return node.nodes.some(readsText);
  if ('node' in node) return readsText(node.node);
  return node.member === wholeRecord || isPath(node.member);
}
