/** Fetches one content blob and settles it: landed, rejected, gone, or open for a later attempt. */
import type { ActivityFeed, ContentBlob } from '../activity/activity-feed.ts';
import { feedRetentionMs } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import { rejectedBlobName, type RawStore } from './landing.ts';
import { stagedPartName, type LandingWriter } from './landing-writer.ts';
import type { Gap, OpenContent, Receipt, SettledContent } from './ledger.ts';
import { receiveContent, RejectedContentError, type LandingLimits } from './receive-content.ts';

/** A content blob to fetch; `open` when the ledger already waits for it. */
export interface WantedContent {
  readonly content: ContentBlob;
  readonly open?: OpenContent | undefined;
}

/** What became of a content blob that did not land. */
export type Verdict =
  | { readonly kind: 'landed'; readonly records: number }
  | { readonly kind: 'deferred'; readonly open: OpenContent; readonly pause?: UpstreamError }
  | { readonly kind: 'lost'; readonly settled: SettledContent; readonly gap: Gap };

export interface FetchDeps {
  readonly tenant: {
    readonly tenantId: string;
    readonly cloud: Parameters<ActivityFeed['listSubscriptions']>[0]['cloud'];
  };
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

/**
 * Never throws for what Microsoft does; throws when storage fails, for then nothing may be acknowledged.
 */
export async function fetchContent(deps: FetchDeps, wanted: WantedContent): Promise<Verdict> {
  const settlesAt = new Date(wanted.content.contentCreated.getTime() + deps.settleMs);
  if (settlesAt > deps.now())
    return defer(wanted, { code: 'settling', nextAttemptAt: settlesAt, failed: false });
  try {
    return { kind: 'landed', records: await land(deps, wanted) };
  } catch (error) {
    if (error instanceof UpstreamError) return judge(wanted, error, deps.now());
    if (error instanceof RejectedContentError) return await rejectOrDefer(deps, wanted, error);
    throw error;
  }
}

/** A body too large to hold has to be fetched again to be kept, and that can fail, too. */
async function rejectOrDefer(
  deps: FetchDeps,
  wanted: WantedContent,
  error: RejectedContentError,
): Promise<Verdict> {
  try {
    return await reject(deps, wanted, error);
  } catch (refusal) {
    if (refusal instanceof UpstreamError) return judge(wanted, refusal, deps.now());
    throw refusal;
  }
}

async function land(deps: FetchDeps, wanted: WantedContent): Promise<number> {
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

async function reject(deps: FetchDeps, wanted: WantedContent, error: RejectedContentError): Promise<Verdict> {
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

function judge(wanted: WantedContent, error: UpstreamError, now: Date): Verdict {
  if (error.action === 'gone') return lose(wanted, { reason: 'contentGone', code: error.code, now });
  const wait = error.retryAfterMs ?? backoffMs(attemptsOf(wanted));
  const nextAttemptAt = new Date(now.getTime() + wait);
  const verdict = giveUpOrDefer(wanted, { code: error.code, nextAttemptAt, now });
  return verdict.kind === 'deferred' && error.action === 'pause' ? { ...verdict, pause: error } : verdict;
}

interface Setback {
  readonly code: string;
  readonly nextAttemptAt: Date;
  readonly now: Date;
  readonly rejected?: Receipt | undefined;
}

function giveUpOrDefer(wanted: WantedContent, setback: Setback): Verdict {
  if (setback.nextAttemptAt < lastChance(wanted.content)) {
    return defer(wanted, { ...setback, failed: true });
  }
  const reason = setback.rejected === undefined ? 'contentExpired' : 'contentRejected';
  return lose(wanted, { reason, code: setback.code, now: setback.now, receipt: setback.rejected });
}

/** Microsoft promises 7 days and mostly keeps content for 20: whichever is later is the end. */
function lastChance(content: ContentBlob): Date {
  const promised = content.contentCreated.getTime() + feedRetentionMs;
  return new Date(Math.max(promised, content.contentExpiration.getTime()));
}

function defer(
  wanted: WantedContent,
  how: { code: string; nextAttemptAt: Date; failed: boolean; rejected?: Receipt | undefined },
): Verdict & { kind: 'deferred' } {
  // What was rejected once stays so until it is sound: its body is kept, and somebody may look at it.
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
  wanted: WantedContent,
  how: { reason: Gap['reason']; code: string; now: Date; receipt?: Receipt | undefined },
): Verdict {
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

function attemptsOf({ open }: WantedContent): number {
  return open?.attempts ?? 0;
}

const minuteMs = 60_000;

/** Doubles from one minute to six hours, with a quarter of jitter so that failures do not march in step. */
function backoffMs(attempts: number): number {
  const wait = Math.min(2 ** attempts * minuteMs, 6 * 60 * minuteMs);
  return wait * (0.875 + Math.random() * 0.25);
}
