/** The state of ingestion as answers show it. */
import { feedRetentionMs } from '../activity/windows.ts';
import { listedAges, positionOf, samplesOf, type Lateness } from '../landing/lateness.ts';
import type { OpenContent } from '../landing/ledger.ts';
import { rejectedContents } from '../landing/rejected-content.ts';
import { publicPoll } from '../tenants/public-tenant.ts';
import { subscriptionTo } from '../tenants/tenant-checks.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { earliestOfAll, type Completeness, type TypeCompleteness } from './completeness.ts';

/** What is collected, pending, rejected, and lost, and when the tenant is polled; made of what was read already. */
export function publicIngestion(completeness: Completeness, tenant: Tenant, now: Date) {
  const { completeThrough, contentTypes, open, gaps, unindexedLandings, recordsIndexing } = completeness;
  const { backfilled = [] } = completeness;
  const pending = open.filter(({ state }) => state === 'pending');
  const rejected = rejectedContents(open, gaps);
  return {
    idle: pending.length === 0 && unindexedLandings === 0 && completeThrough !== undefined,
    completeThrough: completeThrough?.toISOString(),
    contentTypes: contentTypes.map((type) => ({
      ...subscriptionTo(tenant, type.contentType),
      ...publicType(type, now),
      ...publicPending(pending.filter(({ content }) => content.contentType === type.contentType)),
    })),
    pending: pending.length,
    rejected: rejected.length,
    rejectedParts: rejected.reduce((sum, { receipt }) => sum + (receipt?.faults ?? 0), 0),
    unindexedLandings,
    recordsIndexing,
    gaps: gaps.length,
    backfilled: backfilled.map(({ start, end }) => ({
      fromDateTime: start.toISOString(),
      toDateTime: end.toISOString(),
    })),
    ...publicPoll(tenant.poll),
  };
}

function publicType(type: TypeCompleteness, now: Date) {
  const { contentType, collectedFrom, listedThrough, completeThrough, confidence, lateness } = type;
  return {
    contentType,
    collectedFromDateTime: collectedFrom?.toISOString(),
    listedThrough: listedThrough?.toISOString(),
    completeThrough: completeThrough?.toISOString(),
    lagSeconds: completeThrough && secondsBetween(completeThrough, now),
    confidence,
    lateness: lateness && publicLateness(lateness),
  };
}

/** Ages at which content is listed for the first time, of the times that are listed several times. */
function publicLateness(lateness: Lateness) {
  const ageAt = (position: number) => (listedAges[position] ?? feedRetentionMs) / 1000;
  return {
    samples: Math.round(samplesOf(lateness)),
    p50Seconds: ageAt(positionOf(lateness, 0.5)),
    p99Seconds: ageAt(positionOf(lateness, 0.99)),
    maxSeconds: ageAt(
      Math.max(
        0,
        lateness.counts.findLastIndex((count) => count >= fadedCount),
      ),
    ),
  };
}

/** Of a history that fades: fewer are none. */
const fadedCount = 0.01;

function publicPending(pending: readonly OpenContent[]) {
  const oldest = earliestOfAll(pending.map(({ content }) => content.contentCreated));
  return { pending: pending.length, oldestPendingDateTime: oldest?.toISOString() };
}

/** Whole seconds; 0 if clocks disagree. */
function secondsBetween(earlier: Date, later: Date): number {
  return Math.max(0, Math.floor((later.getTime() - earlier.getTime()) / 1000));
}
