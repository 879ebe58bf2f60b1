/**
 * Adds matches to the state of a group, and says which findings follow. Pure: the order in which matches are added, and
 * how often, makes no difference, as long as there are no more than the state remembers.
 */
import type { GroupValue } from './finding.ts';
import { foundBy, withdrawn, type AddedMatch, type FoundBy, type TouchedFinding } from './found-by.ts';
import type { GroupState, Head, KnownFinding } from './group-state.ts';
import { distinctHeads, firstHeads } from './heads.ts';
import type { Rule } from './rule.ts';
import { parseDuration } from './durations.ts';
import { firingsOf, type Firing } from './window/firings.ts';
import { maxMatches, mergeMatches } from './window/merge-matches.ts';
import type { WindowMatch } from './window/window-match.ts';

/** A rule as a watch applies it. */
export interface AppliedRule {
  readonly watchId: string;
  readonly rule: Rule;
  /** When the watch was made. */
  readonly learnsFrom: Date;
}

export interface Step {
  readonly state: GroupState;
  readonly touched: readonly TouchedFinding[];
}

export interface Addition {
  readonly group: readonly GroupValue[];
  readonly added: readonly AddedMatch[];
  /** Makes the ID of a finding. */
  readonly newId: () => string;
}

/** @param before undefined if the group had no match yet */
export function addMatches(applied: AppliedRule, before: GroupState | undefined, addition: Addition): Step {
  const { watchId, rule, learnsFrom } = applied;
  const { group, added, newId } = addition;
  const state = before ?? { watchId, ruleId: rule.id, group, matches: [], heads: [], findings: [] };
  const known = state.matches.map(toMatch);
  const matches = mergeMatches(rule.trigger, known, entriesOf(added));
  const firings = firingsOf(rule, matches, learnsFrom);
  const heads = distinctHeads([...state.heads, ...added.map(({ head }) => head)]);
  const records = new Set(known.map(({ record }) => record));
  const found = assigned(state.findings, firings, parseDuration(rule.window) ?? 0).map(
    ({ firing, before: findings }) =>
      foundBy({ firing, before: findings, heads, added, isKnown: (id) => records.has(id), newId }),
  );
  const rest = leftOver(state.findings, found, matches);
  const findings = [...found.map(({ known: finding }) => finding), ...rest].sort(byFirstMatch);
  return {
    state: {
      ...state,
      matches: matches.map(({ time, until, record, value }) => [time, until, record, value] as const),
      heads: neededHeads(matches, firings, heads),
      findings,
    },
    touched: [
      ...found.filter(({ isTouched }) => isTouched),
      ...rest.filter(({ isWithdrawn }) => isWithdrawn).map((finding) => ({ known: finding, heads: [] })),
    ],
  };
}

function toMatch([time, until, record, value]: GroupState['matches'][number]): WindowMatch {
  return { time, until, record, value };
}

function entriesOf(added: readonly AddedMatch[]): readonly WindowMatch[] {
  return added.flatMap(({ entries }) => entries);
}

/** Each firing with the findings that it continues; a finding is continued by one firing. */
function assigned(findings: readonly KnownFinding[], firings: readonly Firing[], window: number) {
  const taken = new Set<KnownFinding>();
  return firings.map((firing) => {
    const own = findings.filter((finding) => !taken.has(finding) && continues(firing, finding, window));
    for (const finding of own) taken.add(finding);
    return { firing, before: own };
  });
}

/** They share matches; or would without a break as long as the window, if those in between were not forgotten. */
function continues(firing: Firing, { from, to, isWithdrawn }: KnownFinding, window: number): boolean {
  const first = firing.isExact ? firing.from : firing.from - window + 1;
  return isWithdrawn !== true && from <= firing.to && first <= to;
}

/** Of more, the later ones are kept: what they were was written long ago. */
const maxWithdrawn = 20;

/**
 * Findings that no firing continues. If all matches are remembered, late records took their matches from them. Those
 * whose matches are forgotten stay as they are, and are also forgotten: no match that comes later belongs to them.
 */
function leftOver(
  before: readonly KnownFinding[],
  found: readonly FoundBy[],
  matches: readonly WindowMatch[],
): readonly KnownFinding[] {
  const continued = new Set(found.map(({ known }) => known.findingId));
  const joined = new Set(found.flatMap((one) => one.joined));
  const isFull = matches.length >= maxMatches;
  const oldest = matches[0]?.time ?? 0;
  const left = before
    .filter(({ findingId, to }) => !continued.has(findingId) && (!isFull || to >= oldest))
    .map((finding) =>
      joined.has(finding.findingId) || (!isFull && finding.countIsExact) ? withdrawn(finding) : finding,
    );
  const old = left.filter(({ isWithdrawn }) => isWithdrawn).slice(0, -maxWithdrawn);
  return left.filter((finding) => !old.includes(finding));
}

/** Matches outside of findings may become the first ones of one. */
function neededHeads(
  matches: readonly WindowMatch[],
  firings: readonly Firing[],
  heads: ReadonlyMap<string, Head>,
): readonly Head[] {
  const fired = new Set(firings.flatMap((firing) => firing.matches.map(({ record }) => record)));
  const first = firings.flatMap((firing) => firstHeads(firing.matches, heads));
  const outside = matches.flatMap(({ record }) => (fired.has(record) ? [] : (heads.get(record) ?? [])));
  return [...distinctHeads([...first, ...outside]).values()].sort(byRecord);
}

function byRecord(one: Head, other: Head): number {
  return one.record < other.record ? -1 : Number(one.record > other.record);
}

function byFirstMatch(one: KnownFinding, other: KnownFinding): number {
  return one.from - other.from || (one.findingId < other.findingId ? -1 : 1);
}
