/** Fetches one content blob and settles it: landed, rejected, gone, or pending for a later attempt. */
import type { ContentBlob } from '../activity/activity-feed.ts';
import { floorToSecond } from '../activity/windows.ts';
import { UpstreamError } from '../errors.ts';
import {
  attemptsOf,
  classifyError,
  defer,
  type ContentToFetch,
  type FetchOutcome,
  type Unsettled,
} from './fetch-outcomes.ts';
import { orLandKept, reject } from './keep-rejected.ts';
import { receiveContent, RejectedContentError } from './receive-content.ts';
import { receiving, type FetchDeps } from './receiving.ts';

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
