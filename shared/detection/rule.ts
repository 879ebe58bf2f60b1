/** A rule: which records matter, and when enough of them belong together. */
import type { Condition } from './conditions/condition.ts';
import type { Severity } from './severity.ts';

/**
 * When the matches of one group fire:
 * - `count`: at least so many records within the window;
 * - `distinct`: records with at least so many different values of a member within the window;
 * - `firstSeen`: a record with a value of a member that no record of the group had in the days before;
 * - `sequence`: within the window, records of every step, in the order of the steps if they are ordered.
 */
export type Trigger =
  | { readonly kind: 'count'; readonly atLeast: number }
  | { readonly kind: 'distinct'; readonly member: string; readonly atLeast: number }
  | FirstSeen
  | { readonly kind: 'sequence'; readonly ordered: boolean; readonly steps: readonly Step[] };

export interface FirstSeen {
  readonly kind: 'firstSeen';
  readonly member: string;
  /** From 1 to 90. Nothing fires in the first days of a watch, which learns what is usual. */
  readonly days: number;
  /**
   * `learn`: what is usual in a group is learned for as many days from its first match on, so that a new employee is
   * not news; `fire`: the first match of a group fires, too. @default learn
   */
  readonly newGroups?: 'learn' | 'fire' | undefined;
}

/** Records of a sequence that belong to one of its steps. */
export interface Step {
  readonly name: string;
  readonly condition: Condition;
  /** Records within the window. @default 1 */
  readonly atLeast?: number | undefined;
  /** A member: its different values are counted instead of the records. */
  readonly distinct?: string | undefined;
  /** Instead of the rule's: as many members, whose values are compared by position with those of other steps. */
  readonly groupBy?: readonly string[] | undefined;
}

export interface Raise {
  readonly severity: Severity;
  readonly condition: Condition;
}

export interface Rule {
  /** Stable. Rules of the pack have names such as `inboxRuleForwards`; a Sigma rule has its own id. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** What to do about a finding. */
  readonly nextSteps: string;
  readonly severity: Severity;
  /** Shown wherever findings are shown, as the Detection Rule License requires. */
  readonly author?: string | undefined;
  readonly license?: string | undefined;
  /** As written: those of Sigma rules may be any text. */
  readonly references?: readonly string[] | undefined;
  /** Which records match. Of a sequence: records of any step. */
  readonly condition: Condition;
  /** Members whose values matches of one group share. */
  readonly groupBy: readonly string[];
  /** ISO 8601 duration, at most seven days. Matches of a group belong together within it, by the times of the records. */
  readonly window: string;
  readonly trigger: Trigger;
  /** A record that fulfills one of the conditions raises the severity; the highest counts. */
  readonly raiseTo?: readonly Raise[] | undefined;
}
