/** The chain of a tenant's landings: each link covers one landing and the link before it. */
import type { Landing } from '../landing/landing.ts';
import { sha256Of } from '../sha256.ts';

/** What a link says of a landing; its hash covers all of it. */
export interface LinkedLanding extends Pick<
  Landing,
  | 'landingId'
  | 'blobName'
  | 'landedAt'
  | 'contentBlobs'
  | 'records'
  | 'bytes'
  | 'textSha256'
  | 'hashedAt'
  | 'contentsSha256'
  | 'importId'
> {
  /** When it was linked, by the clock of Auditkeep. */
  readonly linkedAt: Date;
}

export interface ChainLink extends LinkedLanding {
  /** From 1, without gaps. */
  readonly number: number;
  /** The hash of the link before it; {@link chainBeginning} in the first. */
  readonly previous: string;
  readonly hash: string;
}

/** The newest link. */
export type ChainHead = Pick<ChainLink, 'number' | 'hash'>;

/** A landing and its place in the chain; absent: it has none. */
export interface PlacedLanding {
  readonly landingId: string;
  readonly isIndexed: boolean;
  readonly link?: number | undefined;
  readonly records: number;
  readonly bytes: number;
}

export interface LandingChain {
  /** Up to `limit` links with this number or a later one, in order; fewer only if there are no more. */
  links(tenantId: string, from: number, limit: number): Promise<readonly ChainLink[]>;
  /** Up to `limit` landings, of the feed and of imports, that landed in [from, to), oldest first. */
  placed(tenantId: string, range: { from: Date; to: Date }, limit: number): Promise<readonly PlacedLanding[]>;
  /** Undefined before the first landing is linked. */
  head(tenantId: string): Promise<ChainHead | undefined>;
}

/** What the first link has for the hash of the one before it. */
export const chainBeginning = '0'.repeat(64);

const linkFormat = 'auditkeep-link-1';

/**
 * The text that a link's hash covers: a line of JSON, as `jq -c` prints the same array. Absent members are null, moments
 * have milliseconds.
 */
export function linkText(tenantId: string, link: Omit<ChainLink, 'hash'>): string {
  const members = [
    ...[linkFormat, tenantId, link.number, link.previous],
    ...[link.landingId, link.blobName, link.landedAt, link.importId ?? null],
    ...[link.contentBlobs, link.records, link.bytes],
    ...[link.textSha256 ?? null, link.hashedAt ?? null, link.contentsSha256 ?? null, link.linkedAt],
  ];
  return `${JSON.stringify(members)}\n`;
}

/** SHA-256 of {@link linkText}, hex. */
export function linkHash(tenantId: string, link: Omit<ChainLink, 'hash'>): string {
  return sha256Of(linkText(tenantId, link));
}

/** The link after the head. */
export function nextLink(tenantId: string, head: ChainHead | undefined, landing: LinkedLanding): ChainLink {
  const position = { number: (head?.number ?? 0) + 1, previous: head?.hash ?? chainBeginning };
  const link = { ...landing, ...position };
  return { ...link, hash: linkHash(tenantId, link) };
}
