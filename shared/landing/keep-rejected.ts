/** Bodies that are not arrays of objects throughout: they are kept as received, and their whole records land. */
import { rejectedBlobName } from './landing-names.ts';
import type { ReceivedBlob } from './landing-writer.ts';
import {
  attemptsOf,
  deferOrLose,
  type ContentToFetch,
  type FetchOutcome,
  type Unsettled,
} from './fetch-outcomes.ts';
import type { Receipt } from './ledger.ts';
import { salvageContent, type ReceivedContent, type RejectedContentError } from './receive-content.ts';
import { receiving, type FetchDeps } from './receiving.ts';

const minuteMs = 60_000;

/** Keeps the body and lands its whole records. */
export async function reject(
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
export async function orLandKept(
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
