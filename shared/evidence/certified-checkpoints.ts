/** The daily checkpoints that bear on a range, and whether the chain is still as they have it. */
import pMap from 'p-map';
import { dayOf } from '../utc-day.ts';
import type { ChainLink, LandingChain } from './chain.ts';
import { brokenStatements, type CheckStatementsDeps } from './check-statements.ts';
import { isSound, type CheckpointStore, type EvidenceCheckpoint } from './checkpoint.ts';
import { proofOf } from './checkpoint-tree.ts';
import type { EvidenceRange } from './evidence-range.ts';
import type { TreeStep } from './hash-tree.ts';

export interface CertifiedCheckpoint {
  readonly checkpoint: EvidenceCheckpoint;
  /** The newest link of the tenant when it was taken; absent: it has none of the tenant. */
  readonly head?: CertifiedHead | undefined;
  /** From the leaf to the root. */
  readonly path: readonly TreeStep[];
  /** Its hash covers its content, and the tenant's chain still has that link; or the chain began after it. */
  readonly matches: boolean;
  /** It was taken after the tenant's chain began, and has none of it. */
  readonly leavesOut: boolean;
  /** What the tenant lacked then is missing today, or landed since; true if it has no statement. */
  readonly statementHolds: boolean;
}

interface CertifiedHead {
  readonly number: number;
  readonly hash: string;
  readonly leaf: string;
  readonly statementSha256?: string | undefined;
}

interface ReadDeps extends CheckStatementsDeps {
  readonly checkpoints: CheckpointStore;
  readonly landings: CheckStatementsDeps['landings'] & LandingChain;
}

const readAtOnce = 8;
const dayMs = 24 * 60 * 60_000;
/** The time of a link is that of a host, before the link is written; a checkpoint reads the chains after its own time. */
const linkingMs = 60 * 60_000;

/**
 * Those that were taken from the start of the range to its end, and on the day after, which is the first to cover the end.
 * Earlier ones cover nothing of it, and may be of a chain that was purged since.
 */
export async function readCheckpoints(
  deps: ReadDeps,
  tenantId: string,
  { range, links, issuedAt }: { range: EvidenceRange; links: readonly ChainLink[]; issuedAt: Date },
): Promise<{
  readonly checkpoints: readonly CertifiedCheckpoint[];
  readonly daysWithoutCheckpoint: readonly string[];
}> {
  const dates = daysOf(range, issuedAt);
  const chain = readChain(deps.landings, tenantId, links);
  const found = await pMap(
    dates,
    async (date) => {
      const checkpoint = await deps.checkpoints.get(date);
      if (checkpoint === undefined) return undefined;
      return isEarlier(checkpoint, range) ? [] : [await certified(checkpoint, tenantId, chain)];
    },
    { concurrency: readAtOnce },
  );
  const daysWithoutCheckpoint = dates.filter((_, at) => found[at] === undefined);
  const taken = found.flatMap((ofDay) => ofDay ?? []);
  return { checkpoints: await withStatements(deps, tenantId, taken), daysWithoutCheckpoint };
}

/** Its time proves nothing if it was altered. */
function isEarlier(checkpoint: EvidenceCheckpoint, { from }: EvidenceRange): boolean {
  return checkpoint.takenDateTime < from && isSound(checkpoint);
}

/** Links that may be outside the range. */
interface Chain {
  readonly hashOf: (number: number) => Promise<string | undefined>;
  /** When the chain began; undefined: it did not. */
  readonly beganAt: () => Promise<Date | undefined>;
}

function readChain(landings: LandingChain, tenantId: string, links: readonly ChainLink[]): Chain {
  const known = new Map(links.map((link) => [link.number, link]));
  const at = async (number: number) =>
    known.get(number) ?? (await landings.links(tenantId, number, 1)).find((link) => link.number === number);
  return {
    hashOf: async (number) => (await at(number))?.hash,
    beganAt: async () => (await at(1))?.linkedAt,
  };
}

async function certified(
  checkpoint: EvidenceCheckpoint,
  tenantId: string,
  { hashOf, beganAt }: Chain,
): Promise<CertifiedCheckpoint> {
  const rest = { checkpoint, path: [], leavesOut: false, statementHolds: true };
  if (!isSound(checkpoint)) return { ...rest, matches: false };
  const proof = proofOf(checkpoint, tenantId);
  if (proof === undefined) {
    const leavesOut = isBefore(await beganAt(), checkpoint);
    return { ...rest, matches: !leavesOut, leavesOut };
  }
  const { chain, leaf, path } = proof;
  return { ...rest, head: { ...chain, leaf }, path, matches: (await hashOf(chain.number)) === chain.hash };
}

function isBefore(beganAt: Date | undefined, { takenDateTime }: EvidenceCheckpoint): boolean {
  return beganAt !== undefined && beganAt.getTime() + linkingMs <= takenDateTime.getTime();
}

/** Those that do not match say what another chain lacked. */
async function withStatements(
  deps: ReadDeps,
  tenantId: string,
  all: readonly CertifiedCheckpoint[],
): Promise<readonly CertifiedCheckpoint[]> {
  const covered = all.flatMap(({ checkpoint: { takenDateTime: takenAt }, head, matches }) => {
    const sha256 = head?.statementSha256;
    return matches && sha256 !== undefined ? [{ sha256, takenAt }] : [];
  });
  const broken = await brokenStatements(deps, tenantId, covered);
  return all.map((one) => ({ ...one, statementHolds: !broken.has(one.head?.statementSha256 ?? '') }));
}

/** Up to today: later ones cannot exist yet. */
function daysOf({ from, to }: EvidenceRange, issuedAt: Date): readonly string[] {
  const last = Math.min(to.getTime() + dayMs, issuedAt.getTime());
  const days: string[] = [];
  for (let day = Date.parse(dayOf(from)); day <= last; day += dayMs) days.push(dayOf(new Date(day)));
  return days;
}
