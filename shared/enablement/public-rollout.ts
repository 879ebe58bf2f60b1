/** A rollout as answers show it. */
import {
  pageOfBatch,
  publicBatchStatus,
  publicProgress,
  type BatchPageDeps,
  type ChildError,
} from '../batches/public-batch.ts';
import { resultOf, type OperationResult } from '../operations/operation-result.ts';
import { publicError, publicHistory } from '../operations/public-operation.ts';
import {
  changingStepNames,
  isOpen,
  type Enablement,
  type EnablementStep,
  type EnablementStore,
} from './enablement.ts';
import { rolloutKind, type Rollout } from './rollout.ts';

export function publicRollout(one: Rollout) {
  return {
    id: one.id,
    status: publicBatchStatus(one),
    tenants: one.request.tenants,
    dryRun: one.request.enablement.dryRun,
    ...publicProgress(one),
    ...publicHistory(one),
    expiresDateTime: one.expiresDateTime?.toISOString(),
    ...publicError(one),
  };
}

/** Cancellation has a result, as with an enablement: the table says what was done until then. */
export function rolloutResult(one: Rollout): OperationResult {
  return one.status === 'Canceled' ? { status: 200 } : resultOf(rolloutKind, one);
}

interface RolloutPageDeps extends BatchPageDeps {
  readonly enablements: Pick<EnablementStore, 'get'>;
}

type Page = Parameters<typeof pageOfBatch>[1];

/** The table of its tenants. @throws RequestError 400 for an invalid skip token */
export async function pageOfRollout(deps: RolloutPageDeps, page: Omit<Page, 'detailsOf'>) {
  return await pageOfBatch(deps, {
    ...page,
    detailsOf: async (key) => {
      const child = await deps.enablements.get(key);
      return child === undefined
        ? {}
        : { enablementId: child.id, changeCounts: changeCountsOf(child), ...errorOf(child) };
    },
  });
}

/** That of the first step that failed: what is wrong with the others often follows from it. */
function errorOf({ errorCode, errorMessage, state: { steps } }: Enablement): ChildError {
  if (errorCode !== undefined) return { errorCode, errorMessage };
  const failed =
    steps.find(({ status }) => status === 'Failed') ?? steps.find(({ status }) => status === 'Waiting');
  return { errorCode: failed?.errorCode, errorMessage: failed?.errorMessage };
}

type ChangeCounts = Readonly<Partial<Record<(typeof changingStepNames)[number], number>>>;

/** Changes that a dry run would make, or that were made. A step that has not come to know them has none. */
function changeCountsOf({ state: { steps } }: Enablement): ChangeCounts {
  const counts = changingStepNames.map((name) => {
    const step = steps.find((one) => one.name === name);
    return [name, step === undefined ? undefined : countIn(step)] as const;
  });
  return Object.fromEntries(counts.filter(([, count]) => count !== undefined));
}

function countIn(step: EnablementStep): number | undefined {
  const { status, changes } = step;
  if (isOpen(step) || status === 'Skipped') return undefined;
  return status === 'Succeeded' || status === 'AlreadyDone' ? (changes ?? []).length : changes?.length;
}
