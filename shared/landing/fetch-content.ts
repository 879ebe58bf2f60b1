/** Fetches one content blob and settles it: landed, rejected, gone, or pending for a later attempt. */
import type { ActivityFeed, ContentBlob, TenantRef } from '../activity/activity-feed.ts';
import { earlier, feedRetentionMs, floorToSecond } from '../activity/windows.ts';
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import { rejectedBlobName } from './landing-names.ts';
import {
  stagedPartName,
  type LandingWriter,
  type LandingWriterOptions,
  type ReceivedBlob,
} from './landing-writer.ts';
import { gapOf, type Gap, type OpenContent, type Receipt, type SettledContent } from './ledger.ts';
import {
  receiveContent,
  RejectedContentError,
  salvageContent,
  type ReceivedContent,
  type ReceiveOptions,
} from './receive-content.ts';

/** A content blob to fetch; `open` when it is open in the ledger. */
export interface ContentToFetch {
  readonly content: ContentBlob;
  readonly open?: OpenContent | undefined;
  /** The ledger knows it as gone, with a gap. */
  readonly reopened: boolean;
}

/** `deferred`: pending until a later attempt; `lost`: permanently, with a gap. Records that landed are counted. */
export type FetchOutcome = { readonly records: number } & (
  | { readonly kind: 'landed' }
  | { readonly kind: 'deferred'; readonly open: OpenContent; readonly pause?: UpstreamError }
  | { readonly kind: 'lost'; readonly settled: SettledContent; readonly gap: Gap }
);

/** It did not land. */
type Unsettled = Exclude<FetchOutcome, { readonly kind: 'landed' }>;

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
  if (mayGrow(deps, wanted, deps.now())) return settling(deps, wanted);
  try {
    return await fetchSettled(deps, wanted);
  } catch (error) {
    if (error instanceof UpstreamError)
      return await orLandKept(deps, wanted, classifyError(wanted, error, deps.now()));
    throw error;
  }
}

function mayGrow({ settleMs }: FetchDeps, { content }: ContentToFetch, now: Date): boolean {
  return settlesAt(content, settleMs) > now;
}

/** To the second, the precision with which Microsoft tells the time. */
function settlesAt({ contentCreated }: ContentBlob, settleMs: number): Date {
  return floorToSecond(new Date(contentCreated.getTime() + settleMs));
}

function settling({ settleMs }: FetchDeps, wanted: ContentToFetch): Unsettled {
  const nextAttemptAt = settlesAt(wanted.content, settleMs);
  return defer(wanted, { code: 'settling', nextAttemptAt }, attemptsOf(wanted));
}

/** What a clock that is ahead takes for settled may still grow by that of Microsoft: the rest would never be fetched. */
async function fetchSettled(deps: FetchDeps, wanted: ContentToFetch): Promise<FetchOutcome> {
  const { tenant, feed, budget, now } = deps;
  const landedAt = now();
  const fetched = await feed.fetchContent(tenant, wanted.content.contentUri, budget);
  if (!mayGrow(deps, wanted, fetched.answeredAt ?? landedAt))
    return await landOrReject(deps, wanted, { body: fetched.body, landedAt });
  fetched.discard();
  return settling(deps, wanted);
}

interface Fetched {
  readonly body: AsyncIterable<Buffer>;
  readonly landedAt: Date;
}

async function landOrReject(
  deps: FetchDeps,
  wanted: ContentToFetch,
  fetched: Fetched,
): Promise<FetchOutcome> {
  try {
    return { kind: 'landed', records: await land(deps, wanted, fetched) };
  } catch (error) {
    if (error instanceof RejectedContentError) return await reject(deps, wanted, error);
    throw error;
  }
}

async function land(deps: FetchDeps, wanted: ContentToFetch, { body, landedAt }: Fetched): Promise<number> {
  const { content } = wanted;
  const received = await receiveContent(body, receiving(deps, content, landedAt));
  const before = attemptsOf(wanted);
  const wasOpen = wanted.open !== undefined;
  // A host that was killed may have recorded its loss, and nothing else.
  const mayHaveGap = wanted.reopened || before > 0;
  await deps.writer.add({ content, attempts: before + 1, wasOpen, mayHaveGap, landedAt, received });
  return received.receipt.records;
}

function receiving(
  { limits, whenLarge, raw, tenant }: FetchDeps,
  content: ContentBlob,
  landedAt: Date,
): ReceiveOptions {
  const stagePart = (index: number, gzipped: Buffer) =>
    raw.stage(stagedPartName(tenant.tenantId, content, landedAt, index), gzipped);
  return { limits, whenLarge, stagePart };
}

/** Keeps the body and lands its whole records. */
async function reject(
  deps: FetchDeps,
  wanted: ContentToFetch,
  error: RejectedContentError,
): Promise<FetchOutcome> {
  const known = receiptOfSame(wanted, error);
  const receipt = known?.faults === undefined ? await keepAndSalvage(deps, wanted, error) : known;
  const attempts = attemptsOf(wanted) + 1;
  const now = deps.now();
  const nextAttemptAt = new Date(now.getTime() + (attempts < 3 ? 15 * minuteMs : 24 * 60 * minuteMs));
  const outcome = deferOrLose(wanted, { code: error.message, nextAttemptAt, receipt }, now);
  return { ...outcome, records: receipt === known ? 0 : receipt.records };
}

async function keepAndSalvage(
  deps: FetchDeps,
  wanted: ContentToFetch,
  error: RejectedContentError,
): Promise<Receipt> {
  await keep(deps, wanted, error);
  return await salvage(deps, wanted, error);
}

/** If the last body was the same, it is kept already: a body that is fetched to be kept may be another one by now. */
function receiptOfSame({ open }: ContentToFetch, { receipt }: RejectedContentError): Receipt | undefined {
  return open?.receipt?.sha256 === receipt.sha256 ? open.receipt : undefined;
}

/** A body too large to hold in memory is fetched again to be kept. */
async function keep(
  { tenant, raw, feed, budget }: FetchDeps,
  { content }: ContentToFetch,
  error: RejectedContentError,
): Promise<void> {
  const body = error.body ?? (await feed.fetchContent(tenant, content.contentUri, budget)).body;
  await raw.putRejected(rejectedBlobName(tenant.tenantId, content, error.receipt.sha256), body);
}

/** The receipt of what landed. A body too large to hold is read from where it is kept. */
async function salvage(
  deps: FetchDeps,
  wanted: ContentToFetch,
  { body, receipt }: RejectedContentError,
): Promise<Receipt> {
  const read = body ?? (await keptBody(deps, wanted, receipt.sha256));
  if (read === undefined) throw new Error('A rejected body that was kept does not exist.');
  const salvaged = await landWhole(deps, wanted, { body: read, sha256: receipt.sha256 });
  // A body that was fetched twice may be another one now: the next attempt shows.
  return salvaged ?? { ...receipt, records: 0, receivedAt: deps.now() };
}

/**
 * Adds the whole records of a rejected body to the landing that is being filled; the ledger hears of them after that is
 * durable. Undefined, with nothing landed, if it is another body.
 */
async function landWhole(
  deps: FetchDeps,
  wanted: ContentToFetch,
  { body, sha256 }: { readonly body: AsyncIterable<Buffer> | Iterable<Buffer>; readonly sha256: string },
): Promise<Receipt | undefined> {
  const landedAt = deps.now();
  const received = await salvageContent(body, receiving(deps, wanted.content, landedAt));
  if (received.receipt.sha256 !== sha256) return undefined;
  if (received.receipt.records > 0) await deps.writer.add(partial(wanted, landedAt, received));
  const last = wanted.open?.receipt;
  const receivedAt = (last?.sha256 === sha256 ? last.receivedAt : undefined) ?? landedAt;
  return { ...received.receipt, receivedAt };
}

/**
 * What could not be fetched again may have a body that is kept and was never searched for records: an earlier release
 * kept it, or the host was killed.
 */
async function orLandKept(
  deps: FetchDeps,
  wanted: ContentToFetch,
  outcome: Unsettled,
): Promise<FetchOutcome> {
  const { sha256, faults } = wanted.open?.receipt ?? {};
  if (sha256 === undefined || faults !== undefined) return outcome;
  const body = await keptBody(deps, wanted, sha256);
  const receipt = body && (await landWhole(deps, wanted, { body, sha256 }));
  if (receipt === undefined) return outcome;
  const { records } = receipt;
  if (outcome.kind === 'lost') return { ...outcome, records, gap: { ...outcome.gap, receipt } };
  return { ...outcome, records, open: { ...outcome.open, receipt } };
}

async function keptBody(
  { raw, tenant }: FetchDeps,
  { content }: ContentToFetch,
  sha256: string,
): Promise<AsyncIterable<Buffer> | undefined> {
  return await raw.readRejected(rejectedBlobName(tenant.tenantId, content, sha256));
}

function partial(wanted: ContentToFetch, landedAt: Date, received: ReceivedContent): ReceivedBlob {
  const { content } = wanted;
  const attempts = attemptsOf(wanted) + 1;
  return { content, attempts, wasOpen: false, mayHaveGap: false, isPartial: true, landedAt, received };
}

function classifyError(wanted: ContentToFetch, error: UpstreamError, now: Date): Unsettled {
  const { action, code, retryAfterMs = backoffMs(attemptsOf(wanted)) } = error;
  const failure = { code, nextAttemptAt: new Date(now.getTime() + retryAfterMs) };
  if (action === 'gone') return classifyGone(wanted, failure, now);
  const outcome = deferOrLose(wanted, failure, now);
  return outcome.kind === 'deferred' && action === 'pause' ? { ...outcome, pause: error } : outcome;
}

/** For this long, "it does not exist" may be the answer of a server that has not heard of it yet. */
const goneAfterMs = 60 * 60_000;

/** Content that was listed is believed to be gone when Microsoft has said so for an hour, or said so before. */
function classifyGone(wanted: ContentToFetch, failure: Failure, now: Date): Unsettled {
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
function deferOrLose(wanted: ContentToFetch, failure: Failure, now: Date): Unsettled {
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

function defer(wanted: ContentToFetch, failure: Failure, attempts: number): Unsettled {
  const { content, open } = wanted;
  // Rejected content stays rejected until a sound body arrives: the rejected body is kept for inspection.
  const { receipt = open?.receipt } = failure;
  const state = receipt === undefined ? 'pending' : 'rejected';
  const reopened = wanted.reopened ? true : undefined;
  return { kind: 'deferred', records: 0, open: { ...failure, content, state, attempts, receipt, reopened } };
}

function lose(
  wanted: ContentToFetch,
  { code, receipt }: Failure,
  { reason, now }: { readonly reason: Gap['reason']; readonly now: Date },
): Unsettled {
  const { content } = wanted;
  const state = reason === 'contentRejected' ? 'rejected' : 'gone';
  return {
    kind: 'lost',
    records: 0,
    settled: { content, state, attempts: attemptsOf(wanted) + 1, code, receipt },
    gap: gapOf(content, { reason, code, recordedAt: now, receipt: receipt ?? wanted.open?.receipt }),
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
