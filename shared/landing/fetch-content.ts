/** Fetches one content blob and settles it: landed, rejected, gone, or pending for a later attempt. */
import type { ActivityFeed, ContentBlob, TenantRef } from '../activity/activity-feed.ts';
import { feedRetentionMs } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import { rejectedBlobName } from './landing.ts';
import { stagedPartName, type LandingWriter, type LandingWriterOptions } from './landing-writer.ts';
import type { Gap, OpenContent, SettledContent } from './ledger.ts';
import { receiveContent, RejectedContentError } from './receive-content.ts';

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

export interface FetchDeps extends Pick<LandingWriterOptions, 'raw' | 'limits' | 'now'> {
  readonly tenant: TenantRef;
  readonly feed: ActivityFeed;
  readonly writer: LandingWriter;
  /** A content blob younger than this may still grow. */
  readonly settleMs: number;
  readonly whenLarge: <T>(task: () => Promise<T>) => Promise<T>;
  readonly budget: Budget;
}

/** Never throws an error of Microsoft. @throws when storage fails: then nothing may be acknowledged */
export async function fetchContent(deps: FetchDeps, wanted: ContentToFetch): Promise<FetchOutcome> {
  const settlesAt = new Date(wanted.content.contentCreated.getTime() + deps.settleMs);
  if (settlesAt > deps.now())
    return defer(wanted, { code: 'settling', nextAttemptAt: settlesAt }, attemptsOf(wanted));
  try {
    return await landOrReject(deps, wanted);
  } catch (error) {
    if (error instanceof UpstreamError) return classifyError(wanted, error, deps.now());
    throw error;
  }
}

async function landOrReject(deps: FetchDeps, wanted: ContentToFetch): Promise<FetchOutcome> {
  try {
    return { kind: 'landed', records: await land(deps, wanted) };
  } catch (error) {
    if (error instanceof RejectedContentError) return await reject(deps, wanted, error);
    throw error;
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
  const attempts = attemptsOf(wanted) + 1;
  await writer.add({ content, attempts, wasOpen: wanted.open !== undefined, landedAt, received });
  return received.receipt.records;
}

/** A body too large to hold in memory is fetched again to be kept. */
async function reject(
  deps: FetchDeps,
  wanted: ContentToFetch,
  error: RejectedContentError,
): Promise<FetchOutcome> {
  const { tenantId } = deps.tenant;
  const body =
    error.body ?? (await deps.feed.fetchContent(deps.tenant, wanted.content.contentUri, deps.budget));
  await deps.raw.putRejected(rejectedBlobName(tenantId, wanted.content, error.receipt.sha256), body);
  const attempts = attemptsOf(wanted) + 1;
  const now = deps.now();
  const nextAttemptAt = new Date(now.getTime() + (attempts < 3 ? 15 * minuteMs : 24 * 60 * minuteMs));
  return deferOrLose(wanted, { code: error.message, nextAttemptAt, receipt: error.receipt }, now);
}

function classifyError(wanted: ContentToFetch, error: UpstreamError, now: Date): FetchOutcome {
  const { action, code, retryAfterMs = backoffMs(attemptsOf(wanted)) } = error;
  if (action === 'gone') return lose(wanted, { code }, { reason: 'contentGone', now });
  const outcome = deferOrLose(wanted, { code, nextAttemptAt: new Date(now.getTime() + retryAfterMs) }, now);
  return outcome.kind === 'deferred' && action === 'pause' ? { ...outcome, pause: error } : outcome;
}

/** Why a content blob did not land; the receipt is that of a rejected body. */
type Failure = Pick<OpenContent, 'code' | 'nextAttemptAt' | 'receipt'>;

function deferOrLose(wanted: ContentToFetch, failure: Failure, now: Date): FetchOutcome {
  if (failure.nextAttemptAt < lastChance(wanted.content)) {
    return defer(wanted, failure, attemptsOf(wanted) + 1);
  }
  const reason = failure.receipt === undefined ? 'contentExpired' : 'contentRejected';
  return lose(wanted, failure, { reason, now });
}

/** Microsoft promises 7 days and mostly keeps content for 20: the later one counts. */
function lastChance(content: ContentBlob): Date {
  const promised = content.contentCreated.getTime() + feedRetentionMs;
  return new Date(Math.max(promised, content.contentExpiration.getTime()));
}

function defer({ content, open }: ContentToFetch, failure: Failure, attempts: number): FetchOutcome {
  // Rejected content stays rejected until a sound body arrives: the rejected body is kept for inspection.
  const { code, nextAttemptAt, receipt = open?.receipt } = failure;
  const state = receipt === undefined ? 'pending' : 'rejected';
  return { kind: 'deferred', open: { content, state, attempts, nextAttemptAt, code, receipt } };
}

function lose(
  wanted: ContentToFetch,
  { code, receipt }: Pick<Failure, 'code' | 'receipt'>,
  { reason, now }: { readonly reason: Gap['reason']; readonly now: Date },
): FetchOutcome {
  const { content } = wanted;
  const { contentType, contentId, contentCreated: start } = content;
  const state = reason === 'contentRejected' ? 'rejected' : 'gone';
  const window = { start, end: new Date(start.getTime() + 1) };
  return {
    kind: 'lost',
    settled: { content, state, attempts: attemptsOf(wanted) + 1, code, receipt },
    gap: { contentType, window, contentId, reason, code, recordedAt: now },
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
