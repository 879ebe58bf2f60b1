/** Operations of an invented kind, in memory, with a clock and a queue. */
import {
  monitorOperations,
  checkOperation,
  type OperationChecker,
} from '../../../shared/operations/monitor-operations.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import {
  runOperation,
  whileManaged,
  type OperationWork,
  type Outcome,
} from '../../../shared/operations/run-operation.ts';
import { startOperation } from '../../../shared/operations/start-operation.ts';
import type { TelemetryEvent } from '../../../shared/telemetry/events.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeOperationAgenda, createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import {
  createFakeOperationQueue,
  type Invented,
  type InventedKind,
  type InventedRequest,
  type InventedState,
  type StoredInvented,
} from '../../support/operations.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';

export const budgetMs = 4 * minuteMs;

type Work = OperationWork<InventedRequest, InventedState, undefined>;
export type InventedWork = Work['work'];

const finish: InventedWork = async (run) => {
  const { state } = run.operation();
  return await Promise.resolve<Outcome<InventedState>>({ status: 'Succeeded', state });
};

export function createOperationWorld(kind: InventedKind) {
  const clock = createClock();
  const recorded = createRecordingTelemetry();
  const { telemetry } = recorded;
  const store = createFakeOperationStore(kind);
  const agenda = createFakeOperationAgenda(store);
  const queues = createFakeOperationQueue();
  const tenants = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId: fabrikamId })]);
  const discarded: string[] = [];
  const deps = {
    queues,
    agenda,
    telemetry,
    tenants,
    budgetMs,
    now: clock.now,
    startBudget: clock.startBudget,
  };
  const effects = {
    store,
    discard: async ({ id }: Invented) => {
      discarded.push(id);
      await Promise.resolve();
    },
  };
  const workOf = (work: InventedWork): Work => ({ ...effects, inTurn: whileManaged(deps), work });
  const read = async ({ tenantId, id }: Invented): Promise<StoredInvented | undefined> =>
    await store.get({ tenantId, id });
  const defaultChecker: OperationChecker = { check: (due) => checkOperation(deps, effects, due) };
  return {
    ...{ clock, store, queues, tenants, discarded, read },
    events: (event: TelemetryEvent) => recorded.of(event),
    start: () =>
      startOperation(deps, store, {
        tenantId: fabrikamId,
        createdBy: 'key-1',
        request: { note: '' },
        state: { done: 0 },
      }),
    /** Delivers the first message, if there is one; it stays when the work throws. */
    async deliver(work: InventedWork = finish, deliveries = 1): Promise<void> {
      const [next] = queues.messages;
      if (next === undefined) return;
      const budget = clock.startBudget(budgetMs);
      await runOperation(deps, workOf(work), { message: next.message, budget, deliveries });
      queues.messages.splice(queues.messages.indexOf(next), 1);
    },
    async cancel(one: Invented): Promise<void> {
      const found = await read(one);
      if (found !== undefined) await cancelOperation(deps, effects, found);
    },
    monitor: (checker = defaultChecker) =>
      monitorOperations(deps, {
        ...{ exports: checker, enablements: checker, removals: checker, imports: checker },
        backfills: checker,
        verifications: checker,
        onboardings: checker,
        rollouts: checker,
        bundles: checker,
        reports: checker,
        reportSets: checker,
      }),
    async removeTenant(): Promise<void> {
      const tenant = await tenants.get(fabrikamId);
      if (tenant !== undefined) await tenants.remove(tenant);
    },
  };
}

export type OperationWorld = ReturnType<typeof createOperationWorld>;
