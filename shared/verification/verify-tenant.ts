/** Verifies a tenant step by step; what a step returns is all that is needed to continue after it. */
import { contentTypes } from '../activity/content-types.ts';
import { createAdding } from './begin-adding.ts';
import { differingSteps } from './differing-steps.ts';
import { indexSteps } from './index-steps.ts';
import { createLandingIndex } from './landing-index.ts';
import { withDifferences, type Steps, type Verifying, type VerifyTenantDeps } from './steps.ts';
import { storedLandings } from './stored-landings.ts';
import type { VerificationProgress } from './verification.ts';
import { verifyChain } from './verify-chain.ts';
import { verifyLanding } from './verify-landing.ts';
import { verifyLedger } from './verify-ledger.ts';

export type { VerifyTenantDeps } from './steps.ts';

/**
 * Continues after `before`: the chain first, then the ledger, then landing by landing, then all rows of the index. Unless it
 * is a sample, these are compared in sums, and what differs is named in the end.
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
  if (progress.phase === 'differing' || progress.phase === 'unexplained')
    yield* differingSteps(steps, progress);
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
  const balance = (progress.share ?? 1) < 1 ? undefined : '';
  yield { ...progress, phase: 'landings', after: undefined, balance };
}

async function* landingSteps(
  steps: Steps,
  before: VerificationProgress,
): AsyncGenerator<VerificationProgress> {
  const { tenantId, request } = steps;
  const adding = await createAdding(steps, before);
  let progress = before;
  for await (const stored of storedLandings(steps, { ...request, tenantId, after: before.after })) {
    const counted = { ...progress, landings: progress.landings + 1, after: stored.landingId };
    const verified = await verifyLanding(steps, stored, { progress: counted, adding });
    yield (progress = { ...verified, balance: adding?.balance.saved() });
  }
  yield { ...progress, phase: 'index', after: undefined };
}
