/** Typed filters on members, as the table of members declares them. */
import { codeMembers, listMembers, textMembers } from '../records/member-kinds.ts';
import { deliveredMembers } from '../records/members.ts';

/** Parameters that are texts, with the members that they filter by; `byName`: by any name, not only the value shown. */
export const textFilters = [...textMembers, ...listMembers].flatMap((member) => {
  const row = deliveredMembers[member];
  const own = { member, kind: row.kind, wildcards: 'wildcards' in row, byName: false };
  const byName = { member, kind: row.kind, wildcards: false, byName: true };
  return [
    ...('filter' in row ? [{ ...row.filter, ...own }] : []),
    ...('named' in row ? [{ ...row.named.filter, ...byName }] : []),
  ];
});

/** Parameters that are numbers of codes. */
export const codeFilters = codeMembers.map((member) => {
  const { kind, filter } = deliveredMembers[member];
  return { ...filter, member, kind };
});
