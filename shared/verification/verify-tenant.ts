/** Verifies a tenant step by step; what a step returns is all that is needed to continue after it. */
import { createHash } from 'node:crypto';
import { contentTypes } from '../activity/content-types.ts';
import type { LandingChain } from '../evidence/chain.ts';
import type { LandingRows } from '../landing/landing.ts';
import { compareLanding, missingBlob, type CompareLandingDeps } from './compare-landing.ts';
import type { Difference } from './difference.ts';
import { addFindings, findingsOf, type Findings } from './findings.ts';
import { monthOf } from '../index/keys.ts';
import type { RecordIndex } from '../index/record-index.ts';
import type { Retained } from '../retention/retention.ts';
import { createLandingIndex, type LandingIndex } from './landing-index.ts';
import { isPending, type StoredLanding } from './stored-landing.ts';
import { storedLandings, type StoredLandingsDeps } from './stored-landings.ts';
import type { VerificationProgress, VerificationRequest } from './verification.ts';
import { verifyChain } from './verify-chain.ts';
import { timeOfLanding } from '../landing/landing-names.ts';
import { dayOf } from '../utc-day.ts';
import { verifyIndex } from './verify-index.ts';
import { verifyLedger } from './verify-ledger.ts';

export interface VerifyTenantDeps
  extends Omit<CompareLandingDeps, 'landedAt' | 'isWaiting'>, StoredLandingsDeps {
  readonly chain: LandingChain;
  readonly landingRows: LandingRows;
  readonly index: CompareLandingDeps['index'] & Pick<RecordIndex, 'months'>;
}

export interface Verifying {
  readonly tenantId: string;
  /** What its retention has deleted, or is about to. */
  readonly retained?: Retained | undefined;
  readonly request: VerificationRequest;
  /** Selects the sample, unless the request does. */
  readonly seed: string;
}

interface Steps extends VerifyTenantDeps, Verifying {
  readonly landingIndex: LandingIndex;
}

/** Named in the state of an operation: about 100 KB, compressed much less. */
const maxListed = 500;

/**
 * Continues after `before`: the chain first, then the ledger, then landing by landing, then all rows of the index.
 * @throws Error when storage fails
 */
export async function* verifyTenant(
  deps: VerifyTenantDeps,
  verifying: Verifying,
  before: VerificationProgress,
): AsyncGenerator<VerificationProgress> {
  const landingIndex = createLandingIndex(deps.landingRows, verifying.tenantId);
  const steps: Steps = { ...deps, ...verifying, landingIndex };
  let progress = before;
  if (progress.phase === 'chain') for await (progress of chainSteps(steps, progress)) yield progress;
  if (progress.phase === 'ledger') for await (progress of ledgerSteps(steps, progress)) yield progress;
  if (progress.phase === 'landings') for await (progress of landingSteps(steps, progress)) yield progress;
  if (progress.phase === 'index') for await (progress of indexSteps(steps, progress)) yield progress;
}

function withFindings(progress: VerificationProgress, findings: Findings): VerificationProgress {
  return { ...progress, ...addFindings(progress, findings, maxListed) };
}

function withDifferences(
  progress: VerificationProgress,
  differences: readonly Difference[],
): VerificationProgress {
  return withFindings(progress, findingsOf(differences));
}

async function* chainSteps(steps: Steps, before: VerificationProgress): AsyncGenerator<VerificationProgress> {
  let progress: VerificationProgress = { ...before, share: before.share ?? (await shareOf(steps)) };
  while (progress.phase === 'chain') {
    const { differences, last, isEnd } = await verifyChain(steps, steps.tenantId, progress.link);
    const next = { ...progress, link: last, phase: isEnd ? 'ledger' : 'chain' } as const;
    yield (progress = withDifferences(next, differences));
  }
}

/** More than these are verified by a sample, unless the request says `full`. */
const maxFullLandings = 1000;
const defaultSampleSize = 200;

async function shareOf({ landingIndex, request }: Steps): Promise<number> {
  const { mode, sampleSize = defaultSampleSize, from, to } = request;
  const times = await landingIndex.times();
  const inRange = times.filter(
    (time) => time < to.getTime() && (from === undefined || time >= from.getTime()),
  );
  const isFull = mode === 'full' || (mode === undefined && inRange.length <= maxFullLandings);
  return isFull || inRange.length === 0 ? 1 : Math.min(1, sampleSize / inRange.length);
}

const monthMs = 30 * 24 * 60 * 60_000;

/** Content is listed for a week, and again a week later; imports have none. */
const longestDelayMs = 15 * 24 * 60 * 60_000;

/** A content type and about a month at a time: some thousand rows. */
async function* ledgerSteps(
  steps: Steps,
  before: VerificationProgress,
): AsyncGenerator<VerificationProgress> {
  const { request, landingIndex } = steps;
  const [oldest = request.to.getTime()] = await landingIndex.times();
  const start = (request.from?.getTime() ?? oldest) - longestDelayMs;
  const months = Math.ceil((request.to.getTime() - start) / monthMs);
  let progress = before;
  for (let part = Number(before.after ?? 0); part < months; part++) {
    const to = new Date(start + (part + 1) * monthMs);
    // Also what the ledger has from before the first landing: that one may be missing.
    const isFirst = part === 0 && request.from === undefined;
    const from = isFirst ? undefined : new Date(start + part * monthMs);
    for (const contentType of contentTypes) {
      const found = await verifyLedger(
        steps,
        { ...request, tenantId: steps.tenantId },
        { contentType, from, to },
      );
      progress = withDifferences(progress, found);
    }
    yield (progress = { ...progress, after: String(part + 1) });
  }
  yield { ...progress, phase: 'landings', after: undefined };
}

async function* landingSteps(
  steps: Steps,
  before: VerificationProgress,
): AsyncGenerator<VerificationProgress> {
  const { tenantId, request } = steps;
  let progress = before;
  for await (const stored of storedLandings(steps, { ...request, tenantId, after: before.after })) {
    const counted = { ...progress, landings: progress.landings + 1, after: stored.landingId };
    yield (progress = await verifyLanding(steps, stored, counted));
  }
  yield { ...progress, phase: 'index', after: undefined };
}

/** A page of rows at a time, of the months from the beginning of the range and the retention on. */
async function* indexSteps(steps: Steps, before: VerificationProgress): AsyncGenerator<VerificationProgress> {
  const { tenantId, request, seed, retained } = steps;
  const newest = (await steps.landingIndex.times()).at(-1) ?? 0;
  const [first = new Date(0)] = [request.from, retained?.from]
    .filter((date) => date !== undefined)
    .sort(latestFirst);
  let progress = before;
  for await (const { rows, differences, after } of verifyIndex(steps, {
    tenantId,
    from: monthOf(first),
    through: newest < request.to.getTime() ? undefined : monthOf(request.to),
    sampleSeed: (progress.share ?? 1) < 1 ? (request.seed ?? seed) : undefined,
    after: before.after,
  })) {
    const checked = { ...progress, after, explained: (progress.explained ?? 0) + rows };
    yield (progress = withDifferences(checked, differences));
  }
  yield { ...progress, phase: 'done' };
}

const latestFirst = (a: Date, b: Date) => b.getTime() - a.getTime();

async function verifyLanding(
  steps: Steps,
  stored: StoredLanding,
  progress: VerificationProgress,
): Promise<VerificationProgress> {
  if (!stored.hasBlob)
    return isPastRetention(steps, stored) ? progress : withDifferences(progress, [missingBlob(stored)]);
  if (!isSampled(steps, stored, progress.share ?? 1)) return progress;
  const { landedAt, isWaiting } = steps.landingIndex;
  const { records, rows, ...findings } = await compareLanding(
    { ...steps, landedAt, isWaiting, keptFrom: steps.retained?.from },
    stored,
  );
  return {
    ...withFindings(progress, findings),
    compared: progress.compared + 1,
    pending: progress.pending + (isPending(stored) ? 1 : 0),
    records: progress.records + records,
    rows: progress.rows + rows,
  };
}

/** The retention says which days of landing it deletes before it does: what is missing of others is lost. */
function isPastRetention({ retained }: Steps, { landingId }: StoredLanding): boolean {
  return retained?.rawFrom !== undefined && dayOf(timeOfLanding(landingId)) < retained.rawFrom;
}

/** What has no row is always read: its records tell whether it should have one. */
function isSampled({ request, seed }: Steps, { landingId, row }: StoredLanding, share: number): boolean {
  if (share >= 1 || row === undefined) return true;
  const digest = createHash('sha256')
    .update(`${request.seed ?? seed}\n${landingId}`)
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32 < share;
}
