/** The phase that reads all rows of the index. */
import { createBalance } from './balance.ts';
import { balanceRows } from './balance-rows.ts';
import { monthsOf } from './begin-adding.ts';
import { createKeyedDigest } from './keyed-digest.ts';
import { isInRange, isWithoutText, withDifferences, type Steps } from './steps.ts';
import { unexplainedRows } from './unexplained-rows.ts';
import type { VerificationProgress } from './verification.ts';
import { verifyIndex, type CheckRows } from './verify-index.ts';

/** A page of rows at a time. Without a balance, which a sample does not have, the claim of each row is read. */
export async function* indexSteps(
  steps: Steps,
  before: VerificationProgress,
): AsyncGenerator<VerificationProgress> {
  const { tenantId } = steps;
  const { balance, check } = checkOf(steps, before);
  const sampleSeed = (before.share ?? 1) < 1 ? (steps.request.seed ?? steps.seed) : undefined;
  const wanted = { ...(await monthsOf(steps)), tenantId, sampleSeed, check, after: before.after };
  let progress = before;
  for await (const { rows, differences, after } of verifyIndex(steps, wanted)) {
    const explained = (progress.explained ?? 0) + rows;
    const checked = { ...progress, after, explained, balance: balance?.saved() };
    yield (progress = withDifferences(checked, differences));
  }
  const isEven = balance?.isAllEven() ?? true;
  const next = isEven ? ({ phase: 'done', balance: undefined } as const) : ({ phase: 'differing' } as const);
  yield { ...progress, after: undefined, ...next };
}

function checkOf(steps: Steps, before: VerificationProgress) {
  const { tenantId } = steps;
  if (before.balance === undefined) {
    const check: CheckRows = (place, rows) => unexplainedRows(steps, tenantId, place, rows);
    return { check };
  }
  const balance = createBalance(before.balance);
  const deps = {
    tenantId,
    balance,
    digest: createKeyedDigest(steps.seed),
    landingIndex: steps.landingIndex,
    isVerified: (landedAt: Date, time: Date) => isInRange(steps, landedAt) && isKept(steps, time),
    isWithoutText: (landedAt: Date) => isWithoutText(steps, landedAt),
  };
  const check: CheckRows = (place, rows) => balanceRows(deps, place, rows);
  return { balance, check };
}

export function isKept({ retained }: Steps, time: Date): boolean {
  return retained === undefined || time >= retained.from;
}
