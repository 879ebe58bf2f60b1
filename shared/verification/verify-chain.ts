/** Recomputes the chain of a tenant's landings, link by link. */
import {
  chainBeginning,
  linkHash,
  type ChainHead,
  type ChainLink,
  type LandingChain,
} from '../evidence/chain.ts';
import { landingNumber } from '../index/claim-records.ts';
import type { Difference } from './difference.ts';
import type { LandingIndex } from './landing-index.ts';

export interface VerifyChainDeps {
  readonly chain: LandingChain;
  readonly landingIndex: LandingIndex;
}

export interface ChainStep {
  readonly differences: readonly Difference[];
  /** The last link that was verified. */
  readonly last: ChainHead | undefined;
  readonly isEnd: boolean;
}

const linksAtOnce = 1000;

/** The links after the last one that was verified, up to a thousand; at the end, the head. */
export async function verifyChain(
  { chain, landingIndex }: VerifyChainDeps,
  tenantId: string,
  last: ChainHead | undefined,
): Promise<ChainStep> {
  const links = await chain.links(tenantId, (last?.number ?? 0) + 1, linksAtOnce);
  const differences: Difference[] = [];
  let before = last ?? { number: 0, hash: chainBeginning };
  for (const link of links) {
    differences.push(...faultsOf(tenantId, link, before));
    const { landingId, blobName, number } = link;
    if ((await landingIndex.landedAt(landingNumber(landingId))) === undefined)
      differences.push({ kind: 'landingRowMissing', landingId, blobName, link: number });
    before = link;
  }
  const end = { number: before.number, hash: before.hash };
  const isEnd = links.length < linksAtOnce;
  if (isEnd) differences.push(...(await headFaults(chain, tenantId, end)));
  return { differences, last: end.number === 0 ? undefined : end, isEnd };
}

function faultsOf(tenantId: string, link: ChainLink, before: ChainHead): readonly Difference[] {
  const { landingId, blobName, number } = link;
  const missing = number - before.number - 1;
  if (missing > 0) {
    const detail = `${missing} before link ${number}`;
    return [{ kind: 'linkMissing', link: before.number + 1, detail }, ...ownFault(tenantId, link)];
  }
  if (link.previous === before.hash) return ownFault(tenantId, link);
  return [{ kind: 'linkDiffers', landingId, blobName, link: number, detail: 'the hash of the link before' }];
}

function ownFault(tenantId: string, link: ChainLink): readonly Difference[] {
  const { landingId, blobName, number } = link;
  if (linkHash(tenantId, link) === link.hash) return [];
  return [{ kind: 'linkDiffers', landingId, blobName, link: number, detail: 'its own hash' }];
}

/** Read after the links: a link that was made meanwhile is behind the head, never before it. */
async function headFaults(
  chain: LandingChain,
  tenantId: string,
  last: ChainHead,
): Promise<readonly Difference[]> {
  const head = await chain.head(tenantId);
  if (head === undefined) return last.number === 0 ? [] : [{ kind: 'headDiffers', detail: 'missing' }];
  if (head.number < last.number)
    return [{ kind: 'headDiffers', link: head.number, detail: 'before the last link' }];
  const link = head.number === last.number ? last : (await chain.links(tenantId, head.number, 1)).at(0);
  if (link?.number === head.number && link.hash === head.hash) return [];
  return [{ kind: 'headDiffers', link: head.number, detail: 'its link is missing or another one' }];
}
