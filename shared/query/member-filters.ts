/** Typed filters on members, as the table of members declares them. */
import { codeMembers, listMembers, textMembers, type CodeMember } from '../records/member-kinds.ts';
import { deliveredMembers, type DeliveredName } from '../records/members.ts';

type Delivered = typeof deliveredMembers;
type FilteredMember = {
  [K in DeliveredName]: Delivered[K] extends { readonly filter: object } ? K : never;
}[DeliveredName];

/** By name of parameter; a record must have one of the values. */
export type MemberFilters = {
  readonly [K in FilteredMember as Delivered[K]['filter']['name']]?:
    readonly (K extends CodeMember ? number : string)[] | undefined;
};

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
