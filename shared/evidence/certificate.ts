/** What an outsider needs to check that what is held is what was delivered. It claims only what was checked. */
import type { ContentType } from '../activity/content-types.ts';
import { feedRetentionMs } from '../activity/windows.ts';
import type { Gap, Ledger } from '../landing/ledger.ts';
import { readCompleteness, type Completeness, type CompletenessDeps } from '../query/completeness.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { ChainLink, LandingChain, PlacedLanding } from './chain.ts';
import { faultOfChain, type ChainFault } from './check-chain.ts';
import { readCheckpoints, type CertifiedCheckpoint } from './certified-checkpoints.ts';
import type { CheckpointStore } from './checkpoint.ts';
import { countContent, type ContentCounts } from './count-content.ts';
import { rangeTooLarge, type EvidenceRange } from './evidence-range.ts';
import type { StatementStore } from './statement.ts';

/** Why a certificate does not say that everything is there. */
export const incompleteReasons = [
  'notYetComplete',
  'gaps',
  'rejectedContent',
  'beforeCollection',
  'collectionStartUnknown',
  'deletedByRetention',
  'landingsNotIndexed',
  'landingsNotLinked',
  'chainBroken',
  'checkpointDiffers',
  'notInCheckpoint',
  'statementDiffers',
] as const;
export type IncompleteReason = (typeof incompleteReasons)[number];

export interface Certificate {
  readonly range: EvidenceRange;
  readonly issuedAt: Date;
  readonly contentTypes: readonly ContentType[];
  readonly completeThrough: Date | undefined;
  /**
   * None: everything published in the range was landed and indexed, the links follow each other, and the checkpoints have
   * them and what was missing then. Raw blobs and ledger rows are not read again for it.
   */
  readonly incompleteReasons: readonly IncompleteReason[];
  /** Of the range, by the time of publication. */
  readonly gaps: readonly Gap[];
  readonly content: ContentCounts;
  /** That landed in the range. */
  readonly landings: readonly PlacedLanding[];
  /** From the first to the last link of these landings; those between them may be of others. */
  readonly links: readonly ChainLink[];
  readonly fault: ChainFault | undefined;
  readonly checkpoints: readonly CertifiedCheckpoint[];
  readonly daysWithoutCheckpoint: readonly string[];
}

export interface CertificateDeps extends CompletenessDeps {
  readonly ledger: Ledger;
  readonly landings: CompletenessDeps['landings'] & LandingChain;
  readonly checkpoints: CheckpointStore;
  readonly statements: Pick<StatementStore, 'get'>;
  readonly now: () => Date;
}

/** Some 3 MB of JSON. */
const maxLinks = 5000;

/** @throws RequestError 400 when the range has more than a certificate may cover */
export async function certify(
  deps: CertificateDeps,
  tenant: StoredTenant,
  range: EvidenceRange,
): Promise<Certificate> {
  const { tenantId } = tenant;
  const issuedAt = deps.now();
  // First: what it says is complete is in everything that is read after it.
  const completeness = await readCompleteness(deps, tenant);
  const content = await countContent(deps.ledger, tenantId, { range, open: completeness.open });
  const landings = await deps.landings.placed(tenantId, range, maxLinks + 1);
  const chain = await readChain(deps.landings, tenantId, landings);
  const checkpoints = await readCheckpoints(deps, tenantId, { range, links: chain.links, issuedAt });
  const found = { content, landings, ...chain, ...checkpoints };
  return {
    range,
    issuedAt,
    contentTypes: tenant.contentTypes,
    completeThrough: completeness.completeThrough,
    incompleteReasons: incompleteReasons.filter((reason) =>
      isReason[reason]({ range, completeness, ...found }),
    ),
    gaps: completeness.gaps.filter(overlaps(range)),
    ...found,
  };
}

async function readChain(
  chain: LandingChain,
  tenantId: string,
  landings: readonly PlacedLanding[],
): Promise<Pick<Certificate, 'links' | 'fault'>> {
  if (landings.length > maxLinks) throw rangeTooLarge(`more than ${maxLinks} landings`);
  const numbers = landings.flatMap(({ link }) => link ?? []).toSorted((a, b) => a - b);
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined) return { links: [], fault: undefined };
  const count = last - first + 1;
  if (count > maxLinks) throw rangeTooLarge(`more than ${maxLinks} links from its first landing to its last`);
  const links = await chain.links(tenantId, first, count);
  return { links, fault: faultOfChain(tenantId, links, { first, last }) };
}

type Found = Pick<Certificate, 'range' | 'landings' | 'fault' | 'checkpoints'> & {
  readonly completeness: Completeness;
};

const isReason: Readonly<Record<IncompleteReason, (found: Found) => boolean>> = {
  notYetComplete: ({ range, completeness: { completeThrough } }) =>
    completeThrough === undefined || range.to > completeThrough,
  gaps: ({ range, completeness }) => completeness.gaps.some(overlaps(range)),
  rejectedContent: ({ range: { from, to }, completeness }) =>
    completeness.open.some(
      ({ state, content: { contentCreated } }) =>
        state === 'rejected' && contentCreated >= from && contentCreated < to,
    ),
  beforeCollection: ({ range: { from }, completeness }) =>
    completeness.contentTypes.some(
      ({ collectedFrom }) => collectedFrom !== undefined && from < collectedFrom,
    ),
  collectionStartUnknown: ({ completeness }) =>
    completeness.contentTypes.some(({ collectedFrom }) => collectedFrom === undefined),
  // Records are deleted by their own time, and may have been published as late as this.
  deletedByRetention: ({ range: { from }, completeness: { retainedFrom } }) =>
    retainedFrom !== undefined && from.getTime() < retainedFrom.getTime() + feedRetentionMs,
  landingsNotIndexed: ({ landings }) => landings.some(({ isIndexed }) => !isIndexed),
  landingsNotLinked: ({ landings }) =>
    landings.some(({ isIndexed, link }) => isIndexed && link === undefined),
  chainBroken: ({ fault }) => fault !== undefined,
  checkpointDiffers: ({ checkpoints }) =>
    checkpoints.some(({ matches, leavesOut }) => !matches && !leavesOut),
  notInCheckpoint: ({ checkpoints }) => checkpoints.some(({ leavesOut }) => leavesOut),
  statementDiffers: ({ checkpoints }) => checkpoints.some(({ statementHolds }) => !statementHolds),
};

function overlaps({ from, to }: EvidenceRange) {
  return ({ window: { start, end } }: Gap): boolean => start < to && end > from;
}
