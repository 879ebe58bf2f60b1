/** Compares records with their claims, read one by one. */
import pMap from 'p-map';
import { decideClaim, toClaim } from '../index/claim-records.ts';
import type { DeliveredRecord } from '../index/delivered-records.ts';
import { dateOfInverted } from '../index/keys.ts';
import type { Claim } from '../index/record-index.ts';
import { rowOfOther } from './compare-duplicates.ts';
import { differs, type Comparing } from './comparing.ts';
import { own } from './owned-rows.ts';
import type { ExpectedRow } from './read-expected.ts';

/** Reports what is wrong with claims, and adds the rows that must exist. @returns those that have a derived id */
export async function compareClaims(
  comparing: Comparing,
  batch: readonly DeliveredRecord[],
  expected: ExpectedRow[],
): Promise<readonly DeliveredRecord[]> {
  const { landing } = comparing;
  const claims = await readClaims(comparing, batch);
  const namesakes: DeliveredRecord[] = [];
  for (const one of batch) {
    const holder = claims.get(one.id);
    const { outcome, placed } = decideClaim(one, holder, landing.landingId);
    if (holder === undefined) differs(comparing, 'claimMissing', one);
    else if (outcome === 'namesake') namesakes.push(placed);
    else if (outcome === 'duplicate') expected.push(...(await rowOfOther(comparing, one, holder)));
    else if (isClaimOf(comparing, one, holder)) own(comparing, { placed, claim: holder }, expected);
    else comparing.owned.isUncertain = true;
  }
  return namesakes;
}

/** Point reads of one transaction's claims are in flight together. */
const claimsAtOnce = 100;

async function readClaims(
  { index, landing }: Comparing,
  batch: readonly DeliveredRecord[],
): Promise<ReadonlyMap<string, Claim>> {
  const ids = [...new Set(batch.map(({ id }) => id))];
  const parts = Array.from({ length: Math.ceil(ids.length / claimsAtOnce) }, (_, at) =>
    ids.slice(at * claimsAtOnce, (at + 1) * claimsAtOnce),
  );
  const read = await pMap(parts, (part) => index.readClaims(landing.tenantId, part), { concurrency: 1 });
  return new Map(read.flatMap((claims) => [...claims]));
}

/** Its line is the one that was claimed, under a time that it may have. */
function isClaimOf(comparing: Comparing, placed: DeliveredRecord, holder: Claim): boolean {
  if (holder.content !== toClaim(placed, comparing.landing.landingId).content) {
    differs(comparing, 'recordDiffers', placed);
    return false;
  }
  const { contentCreated, landedAt } = placed.delivery;
  const times = [placed.time, contentCreated, landedAt].map((time) => time.getTime());
  if (times.includes(dateOfInverted(holder.inverted).getTime())) return true;
  differs(comparing, 'claimDiffers', placed, { detail: 'time' });
  return false;
}
