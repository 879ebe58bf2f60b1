/** What a fetch works with. */
import type { ActivityFeed, ContentBlob, TenantRef } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import { stagedPartName, type LandingWriter, type LandingWriterOptions } from './landing-writer.ts';
import type { ReceiveOptions } from './receive-content.ts';

export interface FetchDeps extends Pick<LandingWriterOptions, 'raw' | 'limits' | 'now'> {
  readonly tenant: TenantRef;
  readonly feed: ActivityFeed;
  readonly writer: LandingWriter;
  /** A content blob younger than this may still grow. */
  readonly settleMs: number;
  readonly whenLarge: <T>(task: () => Promise<T>) => Promise<T>;
  readonly budget: Budget;
}

/** How the body of a content blob is received: what is too large to hold is staged part by part. */
export function receiving(
  { limits, whenLarge, raw, tenant }: FetchDeps,
  content: ContentBlob,
  landedAt: Date,
): ReceiveOptions {
  const stagePart = (index: number, gzipped: Buffer) =>
    raw.stage(stagedPartName(tenant.tenantId, content, landedAt, index), gzipped);
  return { limits, whenLarge, stagePart };
}
