/** What the listings of one poll share. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { ContentType } from '../activity/content-types.ts';
import type { Budget } from '../budget.ts';
import type { UpstreamError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { StopWatch } from './feed-stops.ts';
import type { Checkpoint, Gap, Ledger, SettledContent, Stop } from './ledger.ts';
import type { ListingHistory } from './listing-history.ts';

/** What the listings of a poll read, and where they record what they find. */
export interface PollListing {
  readonly feed: ActivityFeed;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly budget: Budget;
  readonly tenant: Tenant;
  /** List everything the feed still has, from `since` on. */
  readonly reconcile: boolean;
  readonly since: Date | undefined;
  /** Of what is far behind, list the newest before everything else. */
  readonly newestFirst: boolean;
  readonly listedBefore: ReadonlyMap<ContentType, Checkpoint>;
  readonly openIds: ReadonlySet<string>;
  readonly listedThrough: Map<ContentType, Date>;
  /** Of listed content types, by Microsoft's clock: its last answer about each. */
  readonly answeredAt: Map<ContentType, Date>;
  /** Of listed content types: stopped since, or, if `null`, running again. */
  readonly stops: Map<ContentType, Stop | null>;
  /** Of listed content types. */
  readonly histories: Map<ContentType, ListingHistory>;
  readonly listed: Set<ContentType>;
  readonly errors: Map<ContentType, UpstreamError>;
  readonly gaps: Gap[];
  readonly settled: SettledContent[];
  readonly tally: { finished: boolean; pause: UpstreamError | undefined };
}

/** One content type while it is listed. */
export interface TypeListing {
  readonly contentType: ContentType;
  readonly before: Checkpoint | undefined;
  readonly watch: StopWatch;
  readonly history: ListingHistory;
  /** contentIds of what this poll found before its turn. */
  readonly foundEarly: Set<string>;
}

/** The budget is spent, or Microsoft throttled a request. */
export function mustStop({ tally, budget }: PollListing): boolean {
  return tally.pause !== undefined || budget.aborted;
}
