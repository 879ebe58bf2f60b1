/** Typed filters on members, as the table of members declares them. */
import { codeMembers, listMembers, textMembers } from '../records/member-kinds.ts';
import { deliveredMembers } from '../records/delivered-members.ts';

/** Parameters that are texts, with the members that they filter by; `byName`: by any name, not only the value shown. */
export const textFilters = [...textMembers, ...listMembers].flatMap((member) => {
  const row = deliveredMembers[member];
  // Without a filter of its own, names are found by the filter on the member.
  const byName = 'named' in row && !('filter' in row.named);
  const own = { member, kind: row.kind, wildcards: 'wildcards' in row, byName };
  const further = { member, kind: row.kind, wildcards: false, byName: true };
  return [
    ...('filter' in row ? [{ ...row.filter, ...own }] : []),
    ...('named' in row && 'filter' in row.named ? [{ ...row.named.filter, ...further }] : []),
  ];
});

/** Parameters that are numbers of codes. */
export const codeFilters = codeMembers.map((member) => {
  const { kind, filter } = deliveredMembers[member];
  return { ...filter, member, kind };
});
