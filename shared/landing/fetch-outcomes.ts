/** What a fetch of one content blob can end with, and when the next attempt is. */
import type { ContentBlob } from '../activity/activity-feed.ts';
import { earlier, feedRetentionMs } from '../activity/windows.ts';
import type { UpstreamError } from '../errors.ts';
import { gapOf, type Gap, type OpenContent, type SettledContent } from './ledger.ts';

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
export type Unsettled = Exclude<FetchOutcome, { readonly kind: 'landed' }>;

export function classifyError(wanted: ContentToFetch, error: UpstreamError, now: Date): Unsettled {
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
export function deferOrLose(wanted: ContentToFetch, failure: Failure, now: Date): Unsettled {
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

export function defer(wanted: ContentToFetch, failure: Failure, attempts: number): Unsettled {
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

export function attemptsOf({ open }: ContentToFetch): number {
  return open?.attempts ?? 0;
}

const minuteMs = 60_000;

/** Doubles from one minute to six hours, with an eighth of jitter either way, so that retries spread out. */
function backoffMs(attempts: number): number {
  const wait = Math.min(2 ** attempts * minuteMs, 6 * 60 * minuteMs);
  return wait * (0.875 + Math.random() * 0.25);
}
