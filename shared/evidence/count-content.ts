/** Counts the content blobs that were published in a range, as the ledger has them. */
import { contentTypes } from '../activity/content-types.ts';
import type { Ledger, OpenContent } from '../landing/ledger.ts';
import type { EvidenceRange } from './evidence-range.ts';
import { rangeTooLarge } from './evidence-range.ts';

export interface ContentCounts {
  /** All that Microsoft listed. */
  readonly listed: number;
  readonly landed: number;
  /** Not fetched yet. */
  readonly pending: number;
  /** Their body could not be read, and they are fetched again. */
  readonly retrying: number;
  readonly gone: number;
  readonly rejected: number;
  /** Of those that landed. */
  readonly records: number;
  readonly bytes: number;
}

/** A hundred requests to storage. */
const maxContents = 100_000;

/**
 * @param open read before: what settles meanwhile is counted as settled
 * @throws RequestError 400 when there are more than a certificate may cover
 */
export async function countContent(
  ledger: Pick<Ledger, 'settled'>,
  tenantId: string,
  { range, open }: { readonly range: EvidenceRange; readonly open: readonly OpenContent[] },
): Promise<ContentCounts> {
  const counts = { landed: 0, pending: 0, retrying: 0, gone: 0, rejected: 0, records: 0, bytes: 0 };
  const unsettled = new Map(open.filter(isWithin(range)).map((row) => [row.content.contentId, row.state]));
  let settled = 0;
  for (const contentType of contentTypes) {
    for await (const batch of ledger.settled(tenantId, { contentType, ...range })) {
      settled += batch.length;
      if (settled > maxContents) throw rangeTooLarge(`more than ${maxContents} content blobs`);
      for (const { content, state, receipt } of batch) {
        unsettled.delete(content.contentId);
        counts[state]++;
        if (state !== 'landed') continue;
        counts.records += receipt?.records ?? 0;
        counts.bytes += receipt?.bytes ?? 0;
      }
    }
  }
  for (const state of unsettled.values()) counts[state === 'rejected' ? 'retrying' : state]++;
  return { listed: settled + unsettled.size, ...counts };
}

function isWithin({ from, to }: EvidenceRange) {
  return ({ content: { contentCreated } }: OpenContent) => contentCreated >= from && contentCreated < to;
}
