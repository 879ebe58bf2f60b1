/** Applies rules to the records of a landing while it is indexed. */
import { indexedRecord, type DeliveredRecord } from '../index/delivered-records.ts';
import { createRecordText } from '../query/matching/free-text.ts';
import { lazy, memoize } from '../lazy.ts';
import { cutText } from '../reports/cut-text.ts';
import { describe, textOf } from '../sentences/describe.ts';
import type { WatchedRecord } from './conditions/watched-record.ts';
import { attempt } from './evaluate.ts';
import { createGroupLimit, type GroupLimit } from './group-limit.ts';
import { groupKeyOf } from './group-state.ts';
import type { Match } from './match.ts';
import { recordFindings, type GroupedMatch, type RecordFindingsDeps } from './record-findings.ts';
import type { Rule } from './rule.ts';
import { suppressedCheck } from './suppressed.ts';
import type { RulesOfTenant } from './watched-rules.ts';
import { digestOf } from './window/window-match.ts';

export interface WatchLandingDeps extends RecordFindingsDeps {
  readonly rulesOfTenant: (tenantId: string) => Promise<RulesOfTenant | undefined>;
}

/** The records of one landing, one after the other; each that is new, and each again if the landing is indexed again. */
export interface LandingWatch {
  /** @throws when storage fails */
  add(delivered: DeliveredRecord): Promise<void>;
  /** Stores what is left. @throws when storage fails */
  end(): Promise<void>;
}

/** Starts watching a landing; undefined for a tenant without rules. */
export type StartWatching = (tenantId: string) => Promise<LandingWatch | undefined>;

/** A landing may have many more. */
const mostPending = 1000;

export function createLandingWatcher(deps: WatchLandingDeps): StartWatching {
  return async (tenantId) => {
    const rules = await deps.rulesOfTenant(tenantId);
    if (rules === undefined) return undefined;
    const limit = createGroupLimit();
    const match = createRecordMatcher(rules, { tenantId, now: deps.now, limit });
    let pending: GroupedMatch[] = [];
    const flush = async () => {
      const matches = pending;
      pending = [];
      await recordFindings(deps, tenantId, matches);
    };
    return {
      async add(delivered) {
        pending.push(...match(delivered));
        if (pending.length >= mostPending) await flush();
      },
      async end() {
        await flush();
        reportTooBroad(deps, rules, { tenantId, limit });
      },
    };
  };
}

/** After everything is stored: it is reported again if the landing is indexed again. */
function reportTooBroad(
  { telemetry }: WatchLandingDeps,
  { onFailure }: RulesOfTenant,
  { tenantId, limit }: Pick<Matching, 'tenantId' | 'limit'>,
): void {
  for (const { applied, omitted, reason } of limit.tooBroad()) {
    const { watchId, rule } = applied;
    telemetry('watches.matches.omitted', { tenantId, watchId, ruleId: rule.id, matches: omitted });
    onFailure(rule, new Error(reason));
  }
}

/** Nothing older is worth a notification: the feed delivers for seven days. */
const dueForMs = 8 * 24 * 60 * 60_000;

interface Matching {
  readonly tenantId: string;
  readonly now: () => Date;
  readonly limit: GroupLimit;
}

/** Matches of a record that no watch passes over, as many as the limit admits. */
export function createRecordMatcher(
  { compiled, appliedBy, onFailure, acceptedDomains }: RulesOfTenant,
  { tenantId, now, limit }: Matching,
): (delivered: DeliveredRecord) => readonly GroupedMatch[] {
  const isSuppressed = memoize(({ suppressions }: { suppressions: Parameters<typeof suppressedCheck>[1] }) =>
    suppressedCheck(tenantId, suppressions),
  );
  const grouped = (match: Match, isDue: boolean, sentence: () => string): readonly GroupedMatch[] => {
    const by = appliedBy(match.rule);
    if (by === undefined || isSuppressed(by.watch)(match.watched)) return [];
    const { watchId, severity } = by.watch;
    const key = groupKeyOf(watchId, match.rule.id, shapeOf(match.rule), match.groupKey);
    if (!limit.admits(by.applied, key)) return [];
    const { group, entries } = match;
    return [{ applied: by.applied, key, group, entries, severity, isDue, head: headOf(match, sentence()) }];
  };
  return (delivered) => {
    const { bytes, truncated } = delivered.record;
    const text = createRecordText(bytes, truncated);
    const watched: WatchedRecord = { tenantId, record: indexedRecord(delivered), text, acceptedDomains };
    const { matches } = compiled.evaluate(watched);
    if (matches.length === 0) return [];
    const isDue =
      delivered.delivery.source === 'feed' && delivered.time.getTime() >= now().getTime() - dueForMs;
    // Once, however many rules match.
    const sentence = lazy(() => sentenceOf(watched));
    return matches.flatMap((match) => attempt(match.rule, onFailure, () => grouped(match, isDue, sentence)));
  };
}

/** Matches of a rule with another shape are not those of the same group. */
const shapeOf = memoize(({ trigger, window, groupBy }: Rule) => JSON.stringify([trigger, window, groupBy]));

function sentenceOf({ record, text }: WatchedRecord): string {
  return cutText(textOf(describe(record.summary, text.parsed()).sentence));
}

function headOf({ watched, severity }: Match, sentence: string): GroupedMatch['head'] {
  const { id, createdDateTime } = watched.record;
  return { record: digestOf(id), id, createdDateTime, sentence, severity };
}
