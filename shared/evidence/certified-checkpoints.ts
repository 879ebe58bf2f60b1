/** The daily checkpoints that bear on a range, and whether the chain is still as they have it. */
import pMap from 'p-map';
import { dayOf } from '../utc-day.ts';
import type { ChainLink, LandingChain } from './chain.ts';
import { isSound, proofOf, type CheckpointStore, type EvidenceCheckpoint } from './checkpoint.ts';
import type { EvidenceRange } from './evidence-range.ts';
import type { TreeStep } from './hash-tree.ts';

export interface CertifiedCheckpoint {
  readonly checkpoint: EvidenceCheckpoint;
  /** The newest link of the tenant when it was taken; absent: the tenant had none. */
  readonly head?: { readonly number: number; readonly hash: string; readonly leaf: string } | undefined;
  /** From the leaf to the root. */
  readonly path: readonly TreeStep[];
  /** Its hash covers its content, and the tenant's chain still has that link. */
  readonly matches: boolean;
}

interface ReadDeps {
  readonly checkpoints: CheckpointStore;
  readonly landings: LandingChain;
}

const readAtOnce = 8;
const dayMs = 24 * 60 * 60_000;

/** Those of the days from the start of the range to its end, and of the day after, which is the first to cover the end. */
export async function readCheckpoints(
  { checkpoints, landings }: ReadDeps,
  tenantId: string,
  { range, links, issuedAt }: { range: EvidenceRange; links: readonly ChainLink[]; issuedAt: Date },
): Promise<{
  readonly checkpoints: readonly CertifiedCheckpoint[];
  readonly daysWithoutCheckpoint: readonly string[];
}> {
  const dates = daysOf(range, issuedAt);
  const known = new Map(links.map((link) => [link.number, link.hash]));
  const hashOf = async (number: number) =>
    known.get(number) ??
    (await landings.links(tenantId, number, 1)).find((link) => link.number === number)?.hash;
  const found = await pMap(
    dates,
    async (date) => {
      const checkpoint = await checkpoints.get(date);
      return checkpoint === undefined ? [] : [await certified(checkpoint, tenantId, hashOf)];
    },
    { concurrency: readAtOnce },
  );
  const daysWithoutCheckpoint = dates.filter((_, at) => found[at]?.length === 0);
  return { checkpoints: found.flat(), daysWithoutCheckpoint };
}

async function certified(
  checkpoint: EvidenceCheckpoint,
  tenantId: string,
  hashOf: (number: number) => Promise<string | undefined>,
): Promise<CertifiedCheckpoint> {
  const proof = proofOf(checkpoint, tenantId);
  if (proof === undefined) return { checkpoint, path: [], matches: isSound(checkpoint) };
  const { number, hash } = proof.chain;
  const matches = isSound(checkpoint) && (await hashOf(number)) === hash;
  return { checkpoint, head: { number, hash, leaf: proof.leaf }, path: proof.path, matches };
}

/** Up to today: later ones cannot exist yet. */
function daysOf({ from, to }: EvidenceRange, issuedAt: Date): readonly string[] {
  const last = Math.min(to.getTime() + dayMs, issuedAt.getTime());
  const days: string[] = [];
  for (let day = Date.parse(dayOf(from)); day <= last; day += dayMs) days.push(dayOf(new Date(day)));
  return days;
}
