/** Runs the operations of one kind, whatever their requests and states are. */
import { checkOperation, type MonitorOperationsDeps } from './monitor-operations.ts';
import type { OperationKindName } from './operation.ts';
import type { DueOperation } from './operation-store.ts';
import {
  runOperation,
  type OperationDelivery,
  type OperationWork,
  type RunOperationDeps,
} from './run-operation.ts';

export interface OperationRunner {
  /** @see runOperation */
  run(delivery: OperationDelivery): Promise<void>;
  /** @see checkOperation */
  check(due: DueOperation): Promise<void>;
}

/** Every kind has one. */
export type OperationRunners = Readonly<Record<OperationKindName, OperationRunner>>;

export function runnerOf<R, S, T>(
  deps: RunOperationDeps & MonitorOperationsDeps,
  work: OperationWork<R, S, T>,
): OperationRunner {
  return {
    run: (delivery) => runOperation(deps, work, delivery),
    check: (due) => checkOperation(deps, work, due),
  };
}
