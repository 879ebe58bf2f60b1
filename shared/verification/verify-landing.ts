/** Compares a stored landing, or adds up what it explains. */
import { createHash } from 'node:crypto';
import { landingNumber } from '../index/claim-records.ts';
import { timeOfLanding } from '../landing/landing-names.ts';
import type { Adding } from './adding.ts';
import { compareLanding, missingBlob, type LandingComparison } from './compare-landing.ts';
import type { CompareRecordsDeps } from './comparing.ts';
import { totalOf } from './findings.ts';
import { isWithoutText, withDifferences, withFindings, type Steps } from './steps.ts';
import { isPending, type StoredLanding } from './stored-landing.ts';
import type { VerificationProgress } from './verification.ts';

/** @param adding absent in a sample, which reads what each record must have */
export async function verifyLanding(
  steps: Steps,
  stored: StoredLanding,
  { progress, adding }: { readonly progress: VerificationProgress; readonly adding: Adding | undefined },
): Promise<VerificationProgress> {
  const landedAt = timeOfLanding(stored.landingId);
  const isAlone = isWithoutText(steps, landedAt);
  if (isAlone) adding?.balance.add(landedAt, adding.claimed.positions(landingNumber(stored.landingId)));
  if (!stored.hasBlob) return isAlone ? progress : withDifferences(progress, [missingBlob(stored)]);
  if (!isSampled(steps, stored, progress.share ?? 1)) return progress;
  const options = { claims: adding, adding: adding && isAlone ? withoutBalance(adding) : adding };
  const { records, rows, ...findings } = await compareStored(steps, stored, options);
  const counted = {
    ...progress,
    compared: progress.compared + 1,
    pending: progress.pending + (isPending(stored) ? 1 : 0),
    records: progress.records + records,
    rows: progress.rows + rows,
  };
  if (adding === undefined) return withFindings(counted, findings);
  // What differs is named after all rows were read, together with what only the sums show.
  if (totalOf(findings) > 0) adding.balance.add(landedAt, adding.digest.ofPosition(stored.landingId));
  return counted;
}

/** Its claims and rows are compared with each other. */
function withoutBalance(adding: Adding): Adding {
  return { ...adding, balance: { ...adding.balance, add: () => undefined } };
}

export async function compareStored(
  steps: Steps,
  stored: StoredLanding,
  options: Pick<CompareRecordsDeps, 'adding' | 'claims' | 'explained'>,
): Promise<LandingComparison> {
  const { landedAt, isWaiting } = steps.landingIndex;
  const deps = { ...steps, landedAt, isWaiting, keptFrom: steps.retained?.from, ...options };
  return await compareLanding(deps, stored);
}

/** What has no row is always read: its records tell whether it should have one. */
function isSampled({ request, seed }: Steps, { landingId, row }: StoredLanding, share: number): boolean {
  if (share >= 1 || row === undefined) return true;
  const digest = createHash('sha256')
    .update(`${request.seed ?? seed}\n${landingId}`)
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32 < share;
}
