/** The phases that find out what differs, of landings whose sums are not even: what each record must have, then what is left over. */
import { landingNumber } from '../index/claim-records.ts';
import type { IndexRow } from '../index/record-index.ts';
import { timeOfLanding } from '../landing/landing-names.ts';
import { monthsOf, readAllClaims } from './begin-adding.ts';
import { createBalance, type Balance } from './balance.ts';
import { readSummary, timeOfRow } from './row-summary.ts';
import type { Findings } from './findings.ts';
import { isKept } from './index-steps.ts';
import { isInRange, withDifferences, withFindings, type Steps } from './steps.ts';
import { isPending } from './stored-landing.ts';
import { storedLandings } from './stored-landings.ts';
import { explainedKey, unexplainedRows, type Explained } from './unexplained-rows.ts';
import type { VerificationProgress } from './verification.ts';
import { verifyIndex, type CheckRows } from './verify-index.ts';
import { compareStored } from './verify-landing.ts';

/** Landing by landing, then row by row. */
export async function* differingSteps(
  steps: Steps,
  before: VerificationProgress,
): AsyncGenerator<VerificationProgress> {
  const balance = createBalance(before.balance ?? '');
  const collected = createCollected();
  let progress = before;
  if (progress.phase === 'differing') {
    for await (const { landingId, findings } of compareUneven(steps, {
      balance,
      collected,
      after: before.after,
    }))
      yield (progress = withFindings({ ...progress, after: landingId }, findings));
    yield (progress = { ...progress, phase: 'unexplained', after: undefined });
  }
  // An earlier run compared some of them: their texts are read again.
  const isWhole = before.phase === 'differing' && before.after === undefined;
  const explained = isWhole ? collected.explained : await collectUneven(steps, balance);
  yield* unexplainedSteps(steps, { balance, explained }, progress);
}

/** A string for each row, of about 100 bytes. */
const maxCollected = 500_000;

/** Without what is too much for the memory: rows are then only compared with claims. */
function createCollected() {
  const [landings, keys] = [new Set<bigint>(), new Set<string>()];
  const explained: Explained = { landings, keys };
  return {
    explained,
    row: (...row: Parameters<typeof explainedKey>) => {
      if (keys.size < maxCollected) keys.add(explainedKey(...row));
    },
    landing: (landingId: string) => {
      if (keys.size < maxCollected) landings.add(landingNumber(landingId));
    },
  };
}

interface Uneven {
  readonly balance: Balance;
  readonly collected: ReturnType<typeof createCollected>;
  readonly after?: string | undefined;
}

async function* compareUneven(
  steps: Steps,
  { balance, collected, after }: Uneven,
): AsyncGenerator<{ readonly landingId: string; readonly findings: Findings }> {
  const { request, tenantId } = steps;
  const claims = await readAllClaims(steps);
  for await (const stored of storedLandings(steps, { ...request, tenantId, after })) {
    const { landingId } = stored;
    if (!stored.hasBlob || balance.isEven(timeOfLanding(landingId))) continue;
    const { isSound, ...findings } = await compareStored(steps, stored, { claims, explained: collected.row });
    if (isSound && !isPending(stored)) collected.landing(landingId);
    yield { landingId, findings };
  }
}

async function collectUneven(steps: Steps, balance: Balance): Promise<Explained> {
  const collected = createCollected();
  const compared = compareUneven(steps, { balance, collected });
  while ((await compared.next()).done !== true) continue;
  return collected.explained;
}

async function* unexplainedSteps(
  steps: Steps,
  { balance, explained }: { readonly balance: Balance; readonly explained: Explained },
  before: VerificationProgress,
): AsyncGenerator<VerificationProgress> {
  const { tenantId } = steps;
  const check: CheckRows = async (place, rows) => {
    // Rows that a record must have were compared with it.
    const others = rows.filter(({ rowKey }) => !explained.keys.has(explainedKey(place, rowKey)));
    const uneven = others.filter((row) => isUneven(steps, balance, row));
    return await unexplainedRows({ ...steps, explained }, tenantId, place, uneven);
  };
  const wanted = { ...(await monthsOf(steps)), tenantId, check, after: before.after };
  let progress = before;
  for await (const { differences, after } of verifyIndex(steps, wanted))
    yield (progress = withDifferences({ ...progress, after }, differences));
  yield { ...progress, after: undefined, phase: 'done', balance: undefined };
}

/** Those that name no landing are named already. */
function isUneven(steps: Steps, balance: Balance, row: IndexRow): boolean {
  const landedAt = readSummary(row, steps.tenantId)?.ingestedDateTime;
  if (landedAt === undefined || balance.isEven(landedAt)) return false;
  return isInRange(steps, landedAt) && isKept(steps, timeOfRow(row));
}
