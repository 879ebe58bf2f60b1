/** What a landing claims to contain: its content blobs, as the ledger has them. */
import type { ContentBlob } from '../activity/activity-feed.ts';
import type { Receipt } from '../landing/ledger.ts';
import { sha256Of } from '../sha256.ts';

/** A content blob that landed. */
export interface LandedContent {
  readonly content: Pick<ContentBlob, 'contentType' | 'contentId' | 'contentCreated'>;
  readonly receipt: Pick<Receipt, 'records' | 'bytes' | 'sha256'>;
}

/** SHA-256, hex, of a line of JSON, as `jq -c` prints the same array. Its members are columns of the row in the ledger. */
export function contentHash({ content, receipt }: LandedContent): string {
  const { contentType, contentId, contentCreated } = content;
  const { records, bytes, sha256 } = receipt;
  const members = [contentType, contentId, contentCreated, records, bytes, sha256];
  return sha256Of(`${JSON.stringify(members)}\n`);
}

/** The hashes of content blobs, sorted. */
export function contentHashes(contents: readonly LandedContent[]): readonly string[] {
  return contents.map(contentHash).toSorted();
}

/** SHA-256, hex, of the sorted hashes, one a line. */
export function contentsDigest(sortedHashes: readonly string[]): string {
  return sha256Of(sortedHashes.map((hash) => `${hash}\n`).join(''));
}
