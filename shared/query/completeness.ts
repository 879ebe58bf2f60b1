/** How complete the records of a tenant are. */
import { LRUCache } from 'lru-cache';
import type { ContentType } from '../activity/content-types.ts';
import { covers } from '../activity/window-sets.ts';
import { earlier, mayHaveRecordsOf, type Window } from '../activity/windows.ts';
import { gapsOfGivenUp } from '../landing/given-up-landings.ts';
import type { LandingStore } from '../landing/landing.ts';
import { confidenceAt, faded, settledThrough, type Lateness } from '../landing/lateness.ts';
import type { Checkpoint, Gap, Ledger, OpenContent } from '../landing/ledger.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { QueryPosition } from './record-page.ts';

export interface TypeCompleteness {
  readonly contentType: ContentType;
  /**
   * Everything published before this moment that Microsoft had listed when it was last listed is landed and indexed, and
   * it was listed when it was old enough for that, by the tenant's own history. Absent: not listed yet.
   */
  readonly completeThrough?: Date | undefined;
  /** As completeThrough, however late Microsoft usually lists content. */
  readonly landedThrough?: Date | undefined;
  readonly lateness?: Lateness | undefined;
  /** The share of content before completeThrough that was found in time, in the past; absent while there is no history. */
  readonly confidence?: number | undefined;
  readonly listedThrough?: Date | undefined;
  /** When it was listed first: what was published before may be missing. Absent: not listed yet, or by an earlier release. */
  readonly collectedFrom?: Date | undefined;
}

export interface Completeness {
  /** Of all wanted content types the earliest; absent while one has not been listed yet. */
  readonly completeThrough?: Date | undefined;
  readonly contentTypes: readonly TypeCompleteness[];
  /** Where backfills searched Microsoft's log whole. Absent: nowhere. */
  readonly backfilled?: readonly Window[] | undefined;
  /** Records before this moment may be deleted. Absent: none are. */
  readonly retainedFrom?: Date | undefined;
  readonly open: readonly OpenContent[];
  readonly gaps: readonly Gap[];
  readonly unindexedLandings: number;
  /** Of the landings that are not indexed: records processed so far. */
  readonly recordsIndexing: number;
}

export interface CompletenessDeps {
  readonly ledger: Ledger;
  readonly landings: LandingStore;
}

/** Reads what is listed, what is pending, what is not indexed yet and what is permanently lost. */
export async function readCompleteness(deps: CompletenessDeps, tenant: StoredTenant): Promise<Completeness> {
  const { tenantId } = tenant;
  // A poll writes the checkpoint last, so it is read first: what it covers is known to the others. Then what is missing in
  // the order in which it moves on, each time written there before it is deleted here: so it is in one of them.
  const checkpoints = await deps.ledger.checkpoints(tenantId);
  const open = await deps.ledger.open(tenantId);
  const lost = await deps.ledger.gaps(tenantId);
  const notIndexed = await deps.landings.notIndexed(tenantId);
  // A landing that was given up is a hole as well: it must not hold back everything after it.
  const gaps = [...lost, ...gapsOfGivenUp(notIndexed.givenUp)];
  // An import claims nothing about the feed.
  const unindexed = notIndexed.unindexed.filter(({ importId }) => importId === undefined);
  const oldestUnindexed = unindexed.map((landing) => landing.oldestContent);
  // Rejected content is a hole, like a gap: one malformed answer must not hold back everything after it. What was listed
  // again after it was gone has its gap until it lands.
  const pending = open
    .filter(({ state, reopened }) => state === 'pending' && reopened !== true)
    .map((row) => row.content);
  const listed = new Map(checkpoints.map((checkpoint) => [checkpoint.contentType, checkpoint]));
  const contentTypes = tenant.contentTypes.map((contentType): TypeCompleteness => {
    const waiting = pending
      .filter((content) => content.contentType === contentType)
      .map((content) => content.contentCreated);
    return completenessOf(contentType, listed.get(contentType), [...waiting, ...oldestUnindexed]);
  });
  const completeThrough = earliestOfAll(contentTypes.map((type) => type.completeThrough));
  const recordsIndexing = unindexed.reduce((sum, { processed = 0 }) => sum + processed, 0);
  return {
    completeThrough,
    contentTypes,
    backfilled: tenant.backfilled,
    retainedFrom: latestOf([tenant.retained?.from, ...checkpoints.map((one) => one.retainedFrom)]),
    open,
    gaps,
    unindexedLandings: unindexed.length,
    recordsIndexing,
  };
}

function completenessOf(
  contentType: ContentType,
  checkpoint: Checkpoint | undefined,
  waiting: readonly Date[],
): TypeCompleteness {
  if (checkpoint === undefined) return { contentType };
  const { listedThrough, collectedFrom } = checkpoint;
  const lateness = checkpoint.lateness && faded(checkpoint.lateness, listedThrough);
  const { through, position } = settledThrough(checkpoint);
  const landedThrough = earliestOfAll([listedThrough, ...waiting]);
  const completeThrough = earliestOfAll([landedThrough, through]);
  const confidence = lateness && confidenceAt(lateness, position);
  return { contentType, listedThrough, landedThrough, completeThrough, collectedFrom, lateness, confidence };
}

/** Cached this long, so that the completeness of a page does not cost more than its records. */
const cacheMs = 30_000;
const cachedTenants = 5_000;

/** {@link readCompleteness}, cached per tenant. */
export function createCompletenessReader(
  deps: CompletenessDeps,
): (tenant: StoredTenant) => Promise<Completeness> {
  const cache = new LRUCache<string, Completeness, StoredTenant>({
    max: cachedTenants,
    ttl: cacheMs,
    fetchMethod: (_tenantId, _stale, { context }) => readCompleteness(deps, context),
  });
  return async (tenant) =>
    (await cache.fetch(tenant.tenantId, { context: tenant })) ?? readCompleteness(deps, tenant);
}

/**
 * What a page may claim: later pages show what was there at the first, so they are not more complete than it.
 * @param position of the page: empty on the first one
 */
export function asOfFirstPage(completeness: Completeness, position: QueryPosition): Completeness {
  if (position.snapshot === undefined) return completeness;
  const completeThrough = earliestOfAll([completeness.completeThrough, position.completeThrough]);
  return { ...completeness, completeThrough };
}

/** What an answer about a range of time may lack. */
export interface Missing {
  /** Either of the two. */
  readonly isPartial: boolean;
  /** The range ends after what is complete, so records may still arrive. */
  readonly isPending: boolean;
  /**
   * Records of the range are permanently lost, were delivered in a form that cannot be read, or may never have been
   * published, because the range begins before collection did and no backfill has searched that part of it; or they are
   * deleted, because the range begins before what is kept.
   */
  readonly hasGaps: boolean;
}

interface Range {
  readonly from?: Date | undefined;
  readonly to: Date;
}

/** Of which records of the range may be missing. */
export function missingIn(completeness: Completeness, range: Range): Missing {
  const { completeThrough } = completeness;
  const isPending = completeThrough === undefined || range.to > completeThrough;
  const hasGaps = holesIn(completeness, range).length > 0;
  return { isPartial: isPending || hasGaps, isPending, hasGaps };
}

/** Why records of a range are missing for good, and where: by the time of publication, half-open, an absent bound is open. */
export interface Hole {
  /** `deleted`: by the retention; `notCollected`: from before collection; `rejected`: it may still be read. */
  readonly cause: 'deleted' | 'notCollected' | 'rejected' | Gap['reason'];
  /** Absent: of all. */
  readonly contentType?: ContentType;
  readonly from?: Date;
  readonly to: Date;
}

/** All holes that may have records of the range: none unless {@link Missing.hasGaps}. */
export function holesIn(completeness: Completeness, range: Range): readonly Hole[] {
  const { gaps, open, contentTypes, backfilled = [], retainedFrom } = completeness;
  const isDeleted = retainedFrom !== undefined && (range.from === undefined || range.from < retainedFrom);
  const before = contentTypes.flatMap(({ contentType, collectedFrom }): readonly Hole[] =>
    collectedFrom === undefined || isBackfilled(backfilled, range, collectedFrom)
      ? []
      : [{ cause: 'notCollected', contentType, to: collectedFrom }],
  );
  const rejected = open
    .filter((row) => row.state === 'rejected')
    .map(({ content: { contentType, contentCreated: start } }) => {
      const window = { start, end: new Date(start.getTime() + 1) };
      return { reason: 'rejected', contentType, window } as const;
    });
  const lost = [...gaps, ...rejected].filter(({ window }) => mayHaveRecordsOf(window, range));
  return [
    ...(isDeleted ? [{ cause: 'deleted', to: retainedFrom } as const] : []),
    ...before,
    ...lost.map(({ reason: cause, contentType, window }) => {
      return { cause, contentType, from: window.start, to: window.end };
    }),
  ];
}

/** Whether all of the range before collection was searched. A range without a beginning never was. */
function isBackfilled(backfilled: readonly Window[], { from, to }: Range, collectedFrom: Date): boolean {
  return from !== undefined && covers(backfilled, { start: from, end: earlier(to, collectedFrom) });
}

function latestOf(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce((latest, date) => (date && (!latest || date > latest) ? date : latest), undefined);
}

/** Undefined if one of them is, or if there are none. There may be more than a call can have arguments. */
export function earliestOfAll([first, ...others]: readonly (Date | undefined)[]): Date | undefined {
  return others.reduce((earliest, date) => earliest && date && (date < earliest ? date : earliest), first);
}
