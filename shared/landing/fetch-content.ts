/** Fetches one content blob and settles it: landed, rejected, gone, or pending for a later attempt. */
import type { ActivityFeed, ContentBlob, TenantRef } from '../activity/activity-feed.ts';
import { earlier, feedRetentionMs } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import { rejectedBlobName } from './landing.ts';
import { stagedPartName, type LandingWriter, type LandingWriterOptions } from './landing-writer.ts';
import { gapOf, type Gap, type OpenContent, type SettledContent } from './ledger.ts';
import { receiveContent, RejectedContentError } from './receive-content.ts';

/** A content blob to fetch; `open` when it is open in the ledger. */
export interface ContentToFetch {
  readonly content: ContentBlob;
  readonly open?: OpenContent | undefined;
  /** The ledger knows it as gone, with a gap. */
  readonly reopened: boolean;
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
  const before = attemptsOf(wanted);
  const wasOpen = wanted.open !== undefined;
  // A host that was killed may have recorded its loss, and nothing else.
  const mayHaveGap = wanted.reopened || before > 0;
  await writer.add({ content, attempts: before + 1, wasOpen, mayHaveGap, landedAt, received });
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
  const failure = { code, nextAttemptAt: new Date(now.getTime() + retryAfterMs) };
  if (action === 'gone') return classifyGone(wanted, failure, now);
  const outcome = deferOrLose(wanted, failure, now);
  return outcome.kind === 'deferred' && action === 'pause' ? { ...outcome, pause: error } : outcome;
}

/** For this long, "it does not exist" may be the answer of a server that has not heard of it yet. */
const goneAfterMs = 60 * 60_000;

/** Content that was listed is believed to be gone when Microsoft has said so for an hour, or said so before. */
function classifyGone(wanted: ContentToFetch, failure: Failure, now: Date): FetchOutcome {
  const goneSince = wanted.open?.goneSince ?? now;
  const certainAt = new Date(goneSince.getTime() + goneAfterMs);
  if (wanted.reopened || now >= certainAt) return lose(wanted, failure, { reason: 'contentGone', now });
  const nextAttemptAt = earlier(failure.nextAttemptAt, certainAt);
  return deferOrLose(wanted, { ...failure, goneSince, nextAttemptAt }, now);
}

/** Why a content blob did not land; the receipt is that of a rejected body. */
type Failure = Pick<OpenContent, 'code' | 'nextAttemptAt' | 'receipt' | 'goneSince'>;

/** The last attempt is this long before the end. */
const lastAttemptMs = 15 * 60_000;

/** However long it would have to wait, there is one more attempt before its end. */
function deferOrLose(wanted: ContentToFetch, failure: Failure, now: Date): FetchOutcome {
  const lastAttemptAt = new Date(endOf(wanted.content).getTime() - lastAttemptMs);
  if (now < lastAttemptAt) {
    const nextAttemptAt = earlier(failure.nextAttemptAt, lastAttemptAt);
    return defer(wanted, { ...failure, nextAttemptAt }, attemptsOf(wanted) + 1);
  }
  return lose(wanted, failure, { reason: reasonOf(failure), now });
}

function reasonOf({ receipt, goneSince }: Failure): Gap['reason'] {
  if (receipt !== undefined) return 'contentRejected';
  return goneSince === undefined ? 'contentExpired' : 'contentGone';
}

/** Microsoft promises 7 days and mostly keeps content for 20: the later one counts. */
function endOf(content: ContentBlob): Date {
  const promised = content.contentCreated.getTime() + feedRetentionMs;
  return new Date(Math.max(promised, content.contentExpiration.getTime()));
}

function defer(wanted: ContentToFetch, failure: Failure, attempts: number): FetchOutcome {
  const { content, open } = wanted;
  // Rejected content stays rejected until a sound body arrives: the rejected body is kept for inspection.
  const { receipt = open?.receipt } = failure;
  const state = receipt === undefined ? 'pending' : 'rejected';
  const reopened = wanted.reopened ? true : undefined;
  return { kind: 'deferred', open: { ...failure, content, state, attempts, receipt, reopened } };
}

function lose(
  wanted: ContentToFetch,
  { code, receipt }: Failure,
  { reason, now }: { readonly reason: Gap['reason']; readonly now: Date },
): FetchOutcome {
  const { content } = wanted;
  const state = reason === 'contentRejected' ? 'rejected' : 'gone';
  return {
    kind: 'lost',
    settled: { content, state, attempts: attemptsOf(wanted) + 1, code, receipt },
    gap: gapOf(content, { reason, code, recordedAt: now }),
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
