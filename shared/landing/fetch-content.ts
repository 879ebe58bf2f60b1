/** Fetches one content blob and settles it: landed, rejected, gone, or pending for a later attempt. */
import type { ActivityFeed, ContentBlob, TenantRef } from '../activity/activity-feed.ts';
import { feedRetentionMs } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import { rejectedBlobName, type RawStore } from './landing.ts';
import { stagedPartName, type LandingWriter } from './landing-writer.ts';
import type { Gap, OpenContent, Receipt, SettledContent } from './ledger.ts';
import { receiveContent, RejectedContentError, type LandingLimits } from './receive-content.ts';

/** A content blob to fetch; `open` when it is pending in the ledger. */
export interface ContentToFetch {
  readonly content: ContentBlob;
  readonly open?: OpenContent | undefined;
}

/** `deferred`: pending until a later attempt; `lost`: permanently, with a gap. */
export type FetchOutcome =
  | { readonly kind: 'landed'; readonly records: number }
  | { readonly kind: 'deferred'; readonly open: OpenContent; readonly pause?: UpstreamError }
  | { readonly kind: 'lost'; readonly settled: SettledContent; readonly gap: Gap };

export interface FetchDeps {
  readonly tenant: TenantRef;
  readonly feed: ActivityFeed;
  readonly raw: RawStore;
  readonly writer: LandingWriter;
  readonly limits: LandingLimits;
  /** A content blob younger than this may still grow. */
  readonly settleMs: number;
  readonly whenLarge: <T>(task: () => Promise<T>) => Promise<T>;
  readonly budget: Budget;
  readonly now: () => Date;
}

/** Never throws an error of Microsoft. @throws when storage fails: then nothing may be acknowledged */
export async function fetchContent(deps: FetchDeps, wanted: ContentToFetch): Promise<FetchOutcome> {
  const settlesAt = new Date(wanted.content.contentCreated.getTime() + deps.settleMs);
  if (settlesAt > deps.now())
    return defer(wanted, { code: 'settling', nextAttemptAt: settlesAt, failed: false });
  try {
    return { kind: 'landed', records: await land(deps, wanted) };
  } catch (error) {
    if (error instanceof UpstreamError) return classifyError(wanted, error, deps.now());
    if (error instanceof RejectedContentError) return await rejectOrDefer(deps, wanted, error);
    throw error;
  }
}

/** A body too large to hold in memory must be fetched again to be kept, which can fail as well. */
async function rejectOrDefer(
  deps: FetchDeps,
  wanted: ContentToFetch,
  error: RejectedContentError,
): Promise<FetchOutcome> {
  try {
    return await reject(deps, wanted, error);
  } catch (refusal) {
    if (refusal instanceof UpstreamError) return classifyError(wanted, refusal, deps.now());
    throw refusal;
  }
}

async function land(deps: FetchDeps, wanted: ContentToFetch): Promise<number> {
  const { tenant, raw, writer } = deps;
  const { content } = wanted;
  const landedAt = deps.now();
  const body = await deps.feed.fetchContent(tenant, content.contentUri, deps.budget);
  const received = await receiveContent(body, {
    limits: deps.limits,
    whenLarge: deps.whenLarge,
    stagePart: (index, gzipped) =>
      raw.stage(stagedPartName(tenant.tenantId, content, landedAt, index), gzipped),
  });
  const blob = { content, attempts: attemptsOf(wanted) + 1, wasOpen: wanted.open !== undefined, received };
  if (received.text.kind === 'buffered') await writer.add(blob);
  else await writer.addStaged(blob, landedAt, received.text.parts);
  return received.receipt.records;
}

async function reject(
  deps: FetchDeps,
  wanted: ContentToFetch,
  error: RejectedContentError,
): Promise<FetchOutcome> {
  const { tenantId } = deps.tenant;
  const body =
    error.body ?? (await deps.feed.fetchContent(deps.tenant, wanted.content.contentUri, deps.budget));
  await deps.raw.putRejected(rejectedBlobName(tenantId, wanted.content, error.receipt.sha256), iterate(body));
  const attempts = attemptsOf(wanted) + 1;
  const now = deps.now();
  const nextAttemptAt = new Date(now.getTime() + (attempts < 3 ? 15 * minuteMs : 24 * 60 * minuteMs));
  return giveUpOrDefer(wanted, { code: error.message, nextAttemptAt, rejected: error.receipt, now });
}

async function* iterate(chunks: AsyncIterable<Buffer> | readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

function classifyError(wanted: ContentToFetch, error: UpstreamError, now: Date): FetchOutcome {
  if (error.action === 'gone') return lose(wanted, { reason: 'contentGone', code: error.code, now });
  const wait = error.retryAfterMs ?? backoffMs(attemptsOf(wanted));
  const nextAttemptAt = new Date(now.getTime() + wait);
  const outcome = giveUpOrDefer(wanted, { code: error.code, nextAttemptAt, now });
  return outcome.kind === 'deferred' && error.action === 'pause' ? { ...outcome, pause: error } : outcome;
}

interface Failure {
  readonly code: string;
  readonly nextAttemptAt: Date;
  readonly now: Date;
  readonly rejected?: Receipt | undefined;
}

function giveUpOrDefer(wanted: ContentToFetch, failure: Failure): FetchOutcome {
  if (failure.nextAttemptAt < lastChance(wanted.content)) {
    return defer(wanted, { ...failure, failed: true });
  }
  const reason = failure.rejected === undefined ? 'contentExpired' : 'contentRejected';
  return lose(wanted, { reason, code: failure.code, now: failure.now, receipt: failure.rejected });
}

/** Microsoft promises 7 days and mostly keeps content for 20: the later one counts. */
function lastChance(content: ContentBlob): Date {
  const promised = content.contentCreated.getTime() + feedRetentionMs;
  return new Date(Math.max(promised, content.contentExpiration.getTime()));
}

function defer(
  wanted: ContentToFetch,
  how: { code: string; nextAttemptAt: Date; failed: boolean; rejected?: Receipt | undefined },
): FetchOutcome & { kind: 'deferred' } {
  // Rejected content stays rejected until a sound body arrives: the rejected body is kept for inspection.
  const receipt = how.rejected ?? wanted.open?.receipt;
  const open: OpenContent = {
    content: wanted.content,
    state: receipt === undefined ? 'pending' : 'rejected',
    attempts: attemptsOf(wanted) + (how.failed ? 1 : 0),
    nextAttemptAt: how.nextAttemptAt,
    code: how.code,
    receipt,
  };
  return { kind: 'deferred', open };
}

function lose(
  wanted: ContentToFetch,
  how: { reason: Gap['reason']; code: string; now: Date; receipt?: Receipt | undefined },
): FetchOutcome {
  const { content } = wanted;
  const state = how.reason === 'contentRejected' ? 'rejected' : 'gone';
  const start = content.contentCreated;
  return {
    kind: 'lost',
    settled: { content, state, attempts: attemptsOf(wanted) + 1, code: how.code, receipt: how.receipt },
    gap: {
      contentType: content.contentType,
      window: { start, end: new Date(start.getTime() + 1) },
      contentId: content.contentId,
      reason: how.reason,
      code: how.code,
      recordedAt: how.now,
    },
  };
}

function attemptsOf({ open }: ContentToFetch): number {
  return open?.attempts ?? 0;
}

const minuteMs = 60_000;

/** Doubles from one minute to six hours, with an eighth of jitter either way, so that retries spread out. */
function backoffMs(attempts: number): number {
  const wait = Math.min(2 ** attempts * minuteMs, 6 * 60 * minuteMs);
  return wait * (0.875 + Math.random() * 0.25);
}
