/** A certificate as answers show it: without what concerns other tenants. */
import type { Caller } from '../access/caller.ts';
import { apiVersion } from '../api/version.ts';
import { publicGap } from '../landing/public-gap.ts';
import type { Certificate } from './certificate.ts';
import type { CertifiedCheckpoint } from './certified-checkpoints.ts';
import type { ChainLink, PlacedLanding } from './chain.ts';
import { chainsSaid } from './checkpoint.ts';

/** As {@link publicCertificate} makes it. */
export type PublicCertificate = ReturnType<typeof publicCertificate>;

/** As it is answered; `JSON.stringify` makes exactly its bytes. */
export function publicCertificate(certificate: Certificate, tenantId: string, caller: Pick<Caller, 'id'>) {
  const { range, issuedAt, contentTypes, completeThrough, incompleteReasons, gaps, content } = certificate;
  const { links, fault, checkpoints, daysWithoutCheckpoint } = certificate;
  const last = links.at(-1);
  return {
    format: 'auditkeep-certificate-1' as const,
    apiVersion,
    tenantId,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    issuedDateTime: issuedAt.toISOString(),
    issuedTo: caller.id,
    isComplete: incompleteReasons.length === 0,
    incompleteReasons,
    completeThrough: completeThrough?.toISOString(),
    contentTypes,
    content,
    gaps: gaps.map(publicGap),
    landings: landingCounts(certificate.landings, links),
    chain: {
      isIntact: fault === undefined,
      faultNumber: fault?.number,
      fault: fault?.fault,
      firstNumber: links[0]?.number,
      lastNumber: last?.number,
      previous: links[0]?.previous,
      lastHash: last?.hash,
      links: links.map(publicLink),
    },
    checkpoints: checkpoints.map(publicCheckpoint),
    daysWithoutCheckpoint,
  };
}

function landingCounts(landings: readonly PlacedLanding[], links: readonly ChainLink[]) {
  const sum = (pick: (landing: PlacedLanding) => number) =>
    landings.reduce((total, landing) => total + pick(landing), 0);
  const ids = new Set(landings.map(({ landingId }) => landingId));
  return {
    landed: landings.length,
    indexed: sum(({ isIndexed }) => (isIndexed ? 1 : 0)),
    linked: sum(({ link }) => (link === undefined ? 0 : 1)),
    records: sum(({ records }) => records),
    bytes: sum(({ bytes }) => bytes),
    hashedAtIndexing: links.filter(({ landingId, hashedAt }) => hashedAt !== 'landing' && ids.has(landingId))
      .length,
  };
}

function publicLink({ landedAt, linkedAt, ...link }: ChainLink) {
  return {
    number: link.number,
    previous: link.previous,
    hash: link.hash,
    landingId: link.landingId,
    blobName: link.blobName,
    landedDateTime: landedAt.toISOString(),
    importId: link.importId,
    contentBlobs: link.contentBlobs,
    records: link.records,
    bytes: link.bytes,
    textSha256: link.textSha256,
    hashedAt: link.hashedAt,
    contentsSha256: link.contentsSha256,
    linkedDateTime: linkedAt.toISOString(),
  };
}

function publicCheckpoint({ checkpoint, head, path, matches, statementHolds }: CertifiedCheckpoint) {
  const { format, date, takenDateTime, root, previous, missedDays, hash } = checkpoint;
  return {
    format,
    date,
    takenDateTime: takenDateTime.toISOString(),
    chains: chainsSaid(checkpoint),
    root,
    previousDate: previous?.date,
    previousHash: previous?.hash,
    missedDays,
    hash,
    number: head?.number,
    head: head?.hash,
    statementSha256: head?.statementSha256,
    leaf: head?.leaf,
    path,
    matchesChain: matches,
    statementHolds,
  };
}
