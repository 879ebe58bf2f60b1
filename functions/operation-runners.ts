/** All kinds of operations with their work. */
import { enablementWork, type EnablementWorkDeps } from '../shared/enablement/enablement-work.ts';
import { exportWork, type ExportWorkDeps } from '../shared/exports/export-work.ts';
import { removalWork, type RemovalWorkDeps } from '../shared/offboarding/removal-work.ts';
import { checkOperation, type MonitorOperationsDeps } from '../shared/operations/monitor-operations.ts';
import type { OperationKindName } from '../shared/operations/operation.ts';
import type { DueOperation } from '../shared/operations/operation-store.ts';
import {
  runOperation,
  type OperationDelivery,
  type OperationWork,
  type RunOperationDeps,
} from '../shared/operations/run-operation.ts';

export interface OperationRunner {
  /** @see runOperation */
  run(delivery: OperationDelivery): Promise<void>;
  /** @see checkOperation */
  check(due: DueOperation): Promise<void>;
}

type RunnerDeps = RunOperationDeps & MonitorOperationsDeps;

export type OperationRunnersDeps = RunnerDeps & ExportWorkDeps & EnablementWorkDeps & RemovalWorkDeps;

export function operationRunners(
  deps: OperationRunnersDeps,
): Readonly<Record<OperationKindName, OperationRunner>> {
  return {
    exports: runnerOf(deps, exportWork(deps)),
    enablements: runnerOf(deps, enablementWork(deps)),
    removals: runnerOf(deps, removalWork(deps)),
  };
}

function runnerOf<R, S, T>(deps: RunnerDeps, work: OperationWork<R, S, T>): OperationRunner {
  return {
    run: (delivery) => runOperation(deps, work, delivery),
    check: (due) => checkOperation(deps, work, due),
  };
}
