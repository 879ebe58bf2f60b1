/** Makes a stretch of an import or a backfill durable as a landing, in an order that survives a crash at any point. */
import { contentsDigest } from '../evidence/contents-digest.ts';
import type { Landing, LandingStore } from '../landing/landing.ts';
import { landingIdOf, rawBlobName } from '../landing/landing-names.ts';
import { hashMetadata, type RawStore } from '../landing/raw-store.ts';
import { indexRequestFor, type WorkQueues } from '../landing/work-queues.ts';
import type { RecordSource } from '../records/indexed-record.ts';
import type { Stretch } from './gather.ts';
import type { Import } from './import.ts';

export interface LandDeps {
  readonly raw: Pick<RawStore, 'put'>;
  readonly landings: Pick<LandingStore, 'open'>;
  readonly queues: Pick<WorkQueues, 'requestIndexing'>;
}

export interface StretchToLand {
  readonly stretch: Pick<Stretch, 'records' | 'textBytes' | 'textSha256' | 'body'>;
  readonly landedAt: Date;
  readonly delayMs: number;
  /** @default 'import' */
  readonly source?: Exclude<RecordSource, 'feed'>;
}

/**
 * Raw blob, then the landing's row, then its message: a landing without a message is repeated by the operation itself. Its
 * name follows from its time and its text, so that the same stretch is the same landing however often it lands.
 */
export async function landStretch(
  { raw, landings, queues }: LandDeps,
  { tenantId, id: importId }: Pick<Import, 'tenantId' | 'id'>,
  { stretch, landedAt, delayMs, source = 'import' }: StretchToLand,
): Promise<void> {
  const { records, textBytes, textSha256 } = stretch;
  const landingId = landingIdOf(landedAt, [{ contentId: `${source} ${importId} ${textSha256}` }]);
  const blobName = rawBlobName(tenantId, landedAt, landingId);
  const landing: Landing = {
    landingId,
    blobName,
    landedAt,
    importId,
    records,
    bytes: textBytes,
    contentBlobs: 0,
    oldestContent: landedAt,
    textSha256,
    hashedAt: 'landing',
    contentsSha256: contentsDigest([]),
  };
  const metadata = { ...metadataOf(landing), ...(source === 'import' ? {} : { source }) };
  await raw.put(blobName, stretch.body, metadata);
  await landings.open(tenantId, landing);
  await queues.requestIndexing(indexRequestFor(tenantId, landing), delayMs);
}

/** Without runs: the records say themselves which content type they are of. */
function metadataOf(landing: Landing): Readonly<Record<string, string>> {
  const { records, bytes, landedAt, importId = '' } = landing;
  return {
    importid: importId,
    records: String(records),
    contentblobs: '0',
    textbytes: String(bytes),
    landedat: landedAt.toISOString(),
    ...hashMetadata(landing),
  };
}
