/** Reads what landings are compared with while they are added up. */
import { monthOf } from '../index/keys.ts';
import type { Adding, AllClaims } from './adding.ts';
import { createBalance } from './balance.ts';
import { readClaimedLines } from './claimed-lines.ts';
import { createKeyedDigest } from './keyed-digest.ts';
import type { Steps } from './steps.ts';
import type { VerificationProgress } from './verification.ts';
import { isWanted } from './verify-index.ts';

/** A request for a thousand claims. @returns undefined for a sample, and for what an earlier release began */
export async function createAdding(
  steps: Steps,
  { balance }: VerificationProgress,
): Promise<Adding | undefined> {
  if (balance === undefined) return undefined;
  const months = await monthsOf(steps);
  return {
    ...(await readAllClaims(steps)),
    balance: createBalance(balance),
    isAdded: (month) => isWanted(months, month),
  };
}

export async function readAllClaims(steps: Steps): Promise<AllClaims> {
  const digest = createKeyedDigest(steps.seed);
  const claimed = await readClaimedLines({ ...steps, digest }, steps.tenantId, steps.retained?.from);
  return { claimed, digest };
}

const latestFirst = (a: Date, b: Date) => b.getTime() - a.getTime();

/** Months of which all rows are read: from the beginning of the range and the retention on. */
export async function monthsOf({ request, retained, landingIndex }: Steps) {
  const newest = (await landingIndex.times()).at(-1) ?? 0;
  const [first = new Date(0)] = [request.from, retained?.from]
    .filter((date) => date !== undefined)
    .sort(latestFirst);
  const through = newest < request.to.getTime() ? undefined : monthOf(request.to);
  return { from: monthOf(first), through };
}
