/** What each member of a record is called in different places. */
import { members } from './members.ts';

export interface MemberSpellings {
  /** In answers, `select`, and the filter language. */
  readonly member: string;
  /** Parameters that filter by it. */
  readonly filters: readonly string[];
  /** In `groupBy`; undefined if records cannot be counted by it. */
  readonly groupKey: string | undefined;
}

export const memberSpellings: readonly MemberSpellings[] = Object.entries(members).map(([member, row]) => ({
  member,
  filters: [
    ...('filter' in row ? [row.filter.name] : []),
    ...('named' in row && 'filter' in row.named ? [row.named.filter.name] : []),
  ],
  groupKey: 'groupKey' in row ? row.groupKey : undefined,
}));
