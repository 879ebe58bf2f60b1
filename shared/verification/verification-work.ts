/** Verifies a tenant, run by run, from where the last run stopped. */
import type { OperationEffects } from '../operations/end-operation.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import { whileManaged, type OperationWork, type Outcome } from '../operations/run-operation.ts';
import type { Budget } from '../budget.ts';
import { loadPart } from '../lazy.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { totalOf } from './findings.ts';
import type { VerificationProgress, VerificationRequest, VerificationStore } from './verification.ts';
import type { VerifyTenantDeps } from './verify-tenant.ts';

export interface VerificationWorkDeps extends VerifyTenantDeps {
  readonly verifications: VerificationStore;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly now: () => Date;
}

type VerificationRun = OperationRun<VerificationRequest, VerificationProgress>;

/** What a kill costs at most, apart from the landing that is being compared. */
const saveEveryMs = 30_000;

export function verificationEffects({
  verifications,
}: Pick<VerificationWorkDeps, 'verifications'>): OperationEffects<VerificationRequest, VerificationProgress> {
  return {
    store: verifications,
    measure: ({ state }) => ({
      landings: state.landings,
      compared: state.compared,
      differences: totalOf(state),
    }),
  };
}

export function verificationWork(
  deps: VerificationWorkDeps,
): OperationWork<VerificationRequest, VerificationProgress, undefined> {
  return {
    ...verificationEffects(deps),
    inTurn: whileManaged(deps),
    work: async (run, { budget }) => await verify(deps, run, budget),
  };
}

async function verify(
  deps: VerificationWorkDeps,
  run: VerificationRun,
  budget: Budget,
): Promise<Outcome<VerificationProgress>> {
  const { tenantId, id: seed, request, state } = run.operation();
  const { retained } = (await deps.tenants.get(tenantId)) ?? {};
  const { verifyTenant } = await loadPart(() => import('./verify-tenant.ts'));
  let [last, savedAt] = [state, deps.now().getTime()];
  for await (const progress of verifyTenant(deps, { tenantId, request, seed, retained }, state)) {
    last = progress;
    const isDue = deps.now().getTime() - savedAt >= saveEveryMs;
    if (progress.phase === 'done' || !(budget.aborted || isDue)) continue;
    await run.save({ state: progress });
    savedAt = deps.now().getTime();
    if (budget.aborted) return { waitMs: 0 };
  }
  return endingOf(last);
}

/** Without a landing, nothing is proven: it would not differ if everything were gone. */
function endingOf(state: VerificationProgress): Outcome<VerificationProgress> {
  if (state.landings > 0 || totalOf(state) > 0) return { status: 'Succeeded', state };
  const errorMessage =
    'No landing is in this range, so nothing was compared. What landed in the last 15 minutes is left out: verify a range in which something landed before.';
  return { status: 'Failed', state, errorCode: 'NothingToVerify', errorMessage };
}
