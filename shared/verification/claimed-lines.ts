/** Which lines of which landings the claims of a tenant name: read in the order of their keys, a thousand with a request. */
import pMap from 'p-map';
import { invertedTime } from '../index/keys.ts';
import type { Claim, ClaimPages } from '../index/record-index.ts';
import { sumOf, type KeyedDigest } from './keyed-digest.ts';

export interface ClaimedLines {
  readonly has: (landing: bigint, line: number) => boolean;
  /** Of the digests of all claims that name the landing. */
  readonly sum: (landing: bigint) => bigint;
  /** Of the digests of the positions under which they are found. */
  readonly positions: (landing: bigint) => bigint;
}

export interface ClaimedLinesDeps {
  readonly index: ClaimPages;
  readonly digest: KeyedDigest;
  /** Requests in flight. */
  readonly concurrency: number;
}

interface OfLanding {
  sum: bigint;
  positions: bigint;
  /** A bit for each line. */
  bits: Uint8Array;
}

const maxPageClaims = 1000;
/** IDs are hexadecimal, and the few that are not come last. */
const starts = Array.from({ length: 16 }, (_, digit) => (digit === 0 ? '' : digit.toString(16)));

/** In memory of a bit for each record and some hundred bytes for each landing. @param keptFrom claims of earlier records are left out */
export async function readClaimedLines(
  { index, digest, concurrency }: ClaimedLinesDeps,
  tenantId: string,
  keptFrom: Date | undefined,
): Promise<ClaimedLines> {
  const landings = new Map<bigint, OfLanding>();
  const oldest = keptFrom === undefined ? '~' : invertedTime(keptFrom);
  const readFrom = async (from: string, at: number) => {
    for await (const claims of claimPages(index, tenantId, { from, before: starts[at + 1] ?? '~' }))
      for (const claim of claims) if (claim.inverted <= oldest) note(landings, claim, digest);
  };
  await pMap(starts, readFrom, { concurrency });
  return {
    has: (landing, line) => ((landings.get(landing)?.bits[line >> 3] ?? 0) & (1 << (line & 7))) !== 0,
    sum: (landing) => landings.get(landing)?.sum ?? 0n,
    positions: (landing) => landings.get(landing)?.positions ?? 0n,
  };
}

interface IdRange {
  readonly from: string;
  readonly before: string;
}

async function* claimPages(
  index: ClaimPages,
  tenantId: string,
  { from, before }: IdRange,
): AsyncGenerator<readonly Claim[]> {
  for (let next: string | undefined = from; next !== undefined;) {
    const claims: readonly Claim[] = await index.claims(tenantId, {
      from: next,
      before,
      limit: maxPageClaims,
    });
    yield claims;
    // The least key after it.
    next = claims.length < maxPageClaims ? undefined : `${claims.at(-1)?.id ?? ''}!`;
  }
}

/** No landing has more lines: a claim with such a number was forged, and its landing is compared claim by claim. */
const maxLines = 2 ** 24;

function note(landings: Map<bigint, OfLanding>, claim: Claim, digest: KeyedDigest): void {
  const { landing, line, inverted, id } = claim;
  const one = landings.get(landing) ?? { sum: 0n, positions: 0n, bits: new Uint8Array(0) };
  landings.set(landing, one);
  one.sum = sumOf(one.sum, digest.ofClaim(claim));
  one.positions = sumOf(one.positions, digest.ofPosition(`${inverted}_${id}`));
  if (line < 0 || line >= maxLines) return;
  const byte = line >> 3;
  if (byte >= one.bits.length) one.bits = enlarged(one.bits, byte + 1);
  one.bits[byte] = (one.bits[byte] ?? 0) | (1 << (line & 7));
}

/** Twice as large at least. */
function enlarged(bits: Uint8Array, least: number): Uint8Array {
  const larger = new Uint8Array(Math.max(least, 2 * bits.length));
  larger.set(bits);
  return larger;
}
