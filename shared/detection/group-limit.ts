/**
 * How many groups of one rule a landing may write: each costs requests to storage, and a rule that matches everything has
 * one for each record. The first ones by the order of the records, so a landing that is indexed again has the same.
 */
import type { AppliedRule } from './add-matches.ts';
import { standsAlone } from './match.ts';

/** Groups of one rule of one watch in one landing. */
export const mostGroups = {
  /** Of a rule of which each match is a finding, with a message. */
  ofFindings: 500,
  /** Of a rule whose groups wait for more matches: in a large tenant, as many users may sign in. */
  ofWaiting: 5000,
} as const;

/** A rule that had more groups. */
export interface TooBroad {
  readonly applied: AppliedRule;
  /** Matches that are not remembered, and made no finding. */
  readonly omitted: number;
  /** For people: what is wrong, and what to do. */
  readonly reason: string;
}

/** What one landing has had so far. */
export interface GroupLimit {
  /** Whether a match of the group is recorded. @param key {@link groupKeyOf} the match */
  readonly admits: (applied: AppliedRule, key: string) => boolean;
  readonly tooBroad: () => readonly TooBroad[];
}

export function createGroupLimit(): GroupLimit {
  const counted = new Map<AppliedRule, { readonly keys: Set<string>; omitted: number }>();
  return {
    admits(applied, key) {
      const of = counted.get(applied) ?? { keys: new Set(), omitted: 0 };
      counted.set(applied, of);
      if (of.keys.size < limitOf(applied)) of.keys.add(key);
      if (of.keys.has(key)) return true;
      of.omitted++;
      return false;
    },
    tooBroad: () =>
      [...counted]
        .filter(([, { omitted }]) => omitted > 0)
        .map(([applied, { omitted }]) => ({ applied, omitted, reason: reasonOf(applied, omitted) })),
  };
}

function limitOf({ rule }: AppliedRule): number {
  return standsAlone(rule) ? mostGroups.ofFindings : mostGroups.ofWaiting;
}

function reasonOf(applied: AppliedRule, omitted: number): string {
  const groups = limitOf(applied).toLocaleString('en-US');
  const matches = omitted.toLocaleString('en-US');
  return `matches too much: more than ${groups} groups in one landing, of which the others, with ${matches} matches, made no finding. Narrow its condition, or group by less.`;
}
