/**
 * Stores what matches of a landing lead to. For each group, in this order: its state, in one request with those of others,
 * the findings that follow from the state, a message for each; then the landing's message ends. What is missing after a
 * crash is repeated with the message: the matches are known then, and their findings are touched again.
 */
import { isDeepStrictEqual } from 'node:util';
import pMap from 'p-map';
import { groupBy } from '../group-by.ts';
import type { Telemetry } from '../telemetry.ts';
import { newTimedId } from '../timed-id.ts';
import { addMatches, type AppliedRule, type Step } from './add-matches.ts';
import { deriveFinding, type DerivedOf } from './derive-finding.ts';
import {
  isUnnotified,
  newFinding,
  type FindingStore,
  type GroupValue,
  type StoredFinding,
} from './finding.ts';
import type { AddedMatch, TouchedFinding } from './found-by.ts';
import {
  mostChangesAtOnce,
  type GroupChange,
  type GroupKey,
  type GroupStateStore,
  type StoredGroup,
} from './group-state.ts';
import type { NotificationQueue } from './messages.ts';
import type { Severity } from './severity.ts';

export interface RecordFindingsDeps {
  readonly groupStates: GroupStateStore;
  readonly findings: Pick<FindingStore, 'get' | 'create' | 'update'>;
  readonly queues: NotificationQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** A match, and which group it belongs to. */
export interface GroupedMatch extends AddedMatch {
  readonly applied: AppliedRule;
  /** @see groupKeyOf */
  readonly key: string;
  readonly group: readonly GroupValue[];
  /** In place of what the rule and the records say. */
  readonly severity: Severity | undefined;
}

const groupsAtOnce = 8;

/** @throws when storage fails: the message of the landing must be redelivered */
export async function recordFindings(
  deps: RecordFindingsDeps,
  tenantId: string,
  matches: readonly GroupedMatch[],
): Promise<void> {
  const groups = [...groupBy(matches, ({ key }) => key).values()].flatMap((added) =>
    added.slice(0, 1).map((first) => ({ tenantId, key: first.key, first, added })),
  );
  for (let at = 0; at < groups.length; at += mostChangesAtOnce)
    await recordGroups(deps, groups.slice(at, at + mostChangesAtOnce));
}

interface MatchedGroup extends GroupKey {
  readonly first: GroupedMatch;
  /** The first one included. */
  readonly added: readonly GroupedMatch[];
}

/** States are written in one request; one by one if others change some of them meanwhile. */
async function recordGroups(deps: RecordFindingsDeps, groups: readonly MatchedGroup[]): Promise<void> {
  const inParallel = { concurrency: groupsAtOnce };
  const all = await pMap(groups, (group) => nextStep(deps, group), inParallel);
  const changes = all.filter(({ isChange }) => isChange).map(toChange);
  const areStored = changes.length > 1 && (await deps.groupStates.writeAll(changes, deps.now()));
  await pMap(
    all,
    async (next) => {
      const { state, touched } = areStored ? next.step : await remember(deps, next);
      const { tenantId, first } = next.group;
      const { applied, severity } = first;
      const derived = { rule: applied.rule, group: state.group, severity };
      const found: Found = { tenantId, watchId: applied.watchId, derived };
      for (const finding of touched) await recordFinding(deps, found, finding);
    },
    inParallel,
  );
}

/** What matches make of the state that is stored. */
interface NextStep {
  readonly group: MatchedGroup;
  readonly before: StoredGroup | undefined;
  readonly step: Step;
  /** Otherwise there is nothing to write. */
  readonly isChange: boolean;
}

async function nextStep({ groupStates, now }: RecordFindingsDeps, group: MatchedGroup): Promise<NextStep> {
  const { tenantId, key, first, added } = group;
  const before = await groupStates.get({ tenantId, key });
  const newId = () => newTimedId(now());
  const step = addMatches(first.applied, before?.state, { group: first.group, added, newId });
  return { group, before, step, isChange: !isDeepStrictEqual(before?.state, step.state) };
}

function toChange({ group: { tenantId, key }, before, step: { state } }: NextStep): GroupChange {
  return { tenantId, key, before, state };
}

/** Two hosts that have matches of one group at once overtake each other. */
const attempts = 20;

/** The step whose state is stored: the first one, or one from what others stored meanwhile. */
async function remember(deps: RecordFindingsDeps, first: NextStep): Promise<Step> {
  let next = first;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!next.isChange || (await writeState(deps, toChange(next)))) return next.step;
    next = await nextStep(deps, next.group);
  }
  throw new Error('The state of a group of matches changes too often.');
}

async function writeState(
  { groupStates, now }: RecordFindingsDeps,
  { tenantId, key, before, state }: GroupChange,
): Promise<boolean> {
  return before === undefined
    ? await groupStates.create({ tenantId, key }, state, now())
    : await groupStates.replace(before, state, now());
}

interface Found {
  readonly tenantId: string;
  readonly watchId: string;
  readonly derived: DerivedOf;
}

async function recordFinding(deps: RecordFindingsDeps, found: Found, touched: TouchedFinding): Promise<void> {
  const stored =
    touched.known.isWithdrawn === true
      ? await withdraw(deps, found, touched)
      : await upsert(deps, found, touched);
  if (!isUnnotified(stored)) return;
  const { tenantId, findingId, revision } = stored;
  await deps.queues.requestNotification({ version: 1, tenantId, findingId, revision });
}

/** The finding as it is stored, of this revision or a later one. */
async function upsert(
  { findings, telemetry }: RecordFindingsDeps,
  { tenantId, watchId, derived }: Found,
  touched: TouchedFinding,
): Promise<StoredFinding> {
  const { findingId } = touched.known;
  const wanted = deriveFinding(derived, touched);
  return await untilStored(async () => {
    const stored = await findings.get(tenantId, findingId);
    if (stored === undefined) {
      const created = await findings.create({ ...wanted, ...newFinding, tenantId, watchId, findingId });
      if (created !== undefined) telemetry('watches.finding.made', eventOf(created));
      return created;
    }
    return stored.revision >= wanted.revision ? stored : await findings.update(stored, wanted);
  });
}

function eventOf({ tenantId, watchId, findingId, rule, severity }: StoredFinding) {
  return { tenantId, watchId, findingId, ruleId: rule.id, severity };
}

const withdrawnBecause = 'Late records showed that this belongs to another finding.';

/** Whatever it counted is counted elsewhere, so it is closed, unless someone did that before. */
async function withdraw(
  { findings, now }: RecordFindingsDeps,
  { tenantId, watchId, derived }: Found,
  touched: TouchedFinding,
): Promise<StoredFinding> {
  const { findingId, revision } = touched.known;
  const closing = { state: 'closed', changedBy: 'auditkeep', reason: withdrawnBecause } as const;
  return await untilStored(async () => {
    const stored = await findings.get(tenantId, findingId);
    const closed = { ...closing, changedDateTime: now() };
    // Another host may be about to create it: it will find that it is there.
    if (stored === undefined) {
      const made = { ...newFinding, ...closed, notifiedRevision: revision, notifiedState: closed.state };
      const content = deriveFinding(derived, touched);
      return await findings.create({ ...content, ...made, tenantId, watchId, findingId });
    }
    if (stored.revision >= revision) return stored;
    return await findings.update(stored, { ...(stored.state === 'closed' ? {} : closed), revision });
  });
}

async function untilStored<T>(write: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const stored = await write();
    if (stored !== undefined) return stored;
  }
  throw new Error('A finding changes too often.');
}
