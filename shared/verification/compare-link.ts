/** Compares the row of a landing with its link in the chain. */
import type { LandingChain } from '../evidence/chain.ts';
import type { LandingRow } from '../landing/landing.ts';
import type { Difference } from './difference.ts';
import { differenceIn, type StoredLanding } from './stored-landing.ts';

export interface CompareLinkDeps {
  readonly chain: Pick<LandingChain, 'links'>;
}

/** What a link covers. */
const linked = [
  'landingId',
  'blobName',
  'landedAt',
  'contentBlobs',
  'records',
  'bytes',
  'textSha256',
  'hashedAt',
  'contentsSha256',
  'importId',
] as const;

/** Landings that were indexed before there was a chain have no link. */
export async function compareLink(
  { chain }: CompareLinkDeps,
  stored: StoredLanding & { readonly row: LandingRow },
): Promise<readonly Difference[]> {
  const { row, tenantId } = stored;
  if (row.counts === undefined) return [];
  if (row.link === undefined)
    return row.textSha256 === undefined ? [] : [differenceIn(stored, 'linkMissing')];
  const [link] = await chain.links(tenantId, row.link, 1);
  if (link?.number !== row.link) return [differenceIn(stored, 'linkMissing', { link: row.link })];
  const other = linked.filter((member) => String(link[member]) !== String(row[member]));
  if (other.length === 0) return [];
  const detail = `not as in the chain: ${other.join(', ')}`;
  return [differenceIn(stored, 'landingRowDiffers', { link: row.link, detail })];
}
