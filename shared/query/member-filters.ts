/** Typed filters on members, as the table of members declares them. */
import { codeMembers, listMembers, textMembers } from '../records/member-kinds.ts';
import { deliveredMembers } from '../records/members.ts';

/** Parameters that are texts, with the members that they filter by. */
export const textFilters = [...textMembers, ...listMembers].flatMap((member) => {
  const row = deliveredMembers[member];
  return 'filter' in row ? [{ ...row.filter, member, kind: row.kind, wildcards: 'wildcards' in row }] : [];
});

/** Parameters that are numbers of codes. */
export const codeFilters = codeMembers.map((member) => {
  const { kind, filter } = deliveredMembers[member];
  return { ...filter, member, kind };
});
