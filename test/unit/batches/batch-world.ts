/** Batches of invented operations, in memory: each child needs a number of messages, and a clock moves on. */
import * as z from 'zod';
import {
  batchWork,
  closeBatch,
  type BatchState,
  type BatchWork,
} from '../../../shared/batches/batch-work.ts';
import { childrenOf, type ChildKind } from '../../../shared/batches/children.ts';
import { membersCodec, type MemberStatus } from '../../../shared/batches/member.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import {
  isFinished,
  type OperationKind,
  type OperationMessage,
} from '../../../shared/operations/operation.ts';
import { runOperation, whileManaged, type OperationWork } from '../../../shared/operations/run-operation.ts';
import { startOperation } from '../../../shared/operations/start-operation.ts';
import type { TelemetryEvent } from '../../../shared/telemetry/events.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { Crash, createFaults, type Faults } from '../../support/faults.ts';
import {
  createFakeOperationQueue,
  oneKind,
  type Invented,
  type InventedRequest,
  type InventedState,
} from '../../support/operations.ts';
import { tenantNamed } from '../../support/tenants.ts';

interface BatchRequest {
  readonly note: string;
}

const batchKind: OperationKind<BatchRequest, BatchState> = {
  name: 'rollouts',
  noun: 'Batch',
  request: z.object({ note: z.string() }),
  state: z.strictObject({ members: membersCodec }),
  isCanceledByRun: true,
  close: closeBatch,
  keepMs: 7 * 24 * 60 * minuteMs,
};

export const ownerId = '0d9c2b44-5a1e-8f0b-8c3d-2e6f1a90b715';
const budgetMs = 4 * minuteMs;
/** host.json: visibilityTimeout. */
const redeliveryMs = 30_000;

/** What is wrong in a tenant stays wrong. */
class Damage extends Error {
  override readonly name = 'Damage';
}

export interface BatchWorldOptions {
  readonly tenants: number;
  /** Messages that a child takes. @default 1 */
  readonly work?: number;
}

function isDamage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isDamage);
  return error instanceof Damage;
}

/** A child that is done once it has saved so often. */
function childWork(work: number): OperationWork<InventedRequest, InventedState, undefined>['work'] {
  return async (run) => {
    const { state } = run.operation();
    await run.save({ state: { ...state, done: state.done + 1 } });
    const after = run.operation().state;
    return after.done < work ? { waitMs: 1000 } : { status: 'Succeeded', state: after };
  };
}

function statusOf({ status, errorCode }: Invented): MemberStatus {
  if (errorCode === 'TenantRemoved') return 'Removed';
  return status === 'NotStarted' ? 'Running' : status;
}

export function createBatchWorld({ tenants: count, work = 1 }: BatchWorldOptions) {
  const clock = createClock();
  const recorded = createRecordingTelemetry();
  const { telemetry } = recorded;
  const registered = Array.from({ length: count }, (_, at) => tenantNamed(`Tenant ${at}`));
  const ids = registered.map(({ tenantId }) => tenantId).sort();
  const tenants = createFakeTenantStore(registered);
  const batches = createFakeOperationStore(batchKind);
  const children = createFakeOperationStore(oneKind);
  const queues = createFakeOperationQueue();
  const working = { most: 0 };
  /** Tenants in which the creator may not act anymore. */
  const revoked = new Set<string>();
  /** Tenants in which nothing can be started, because something of them is damaged. */
  const damaged = new Set<string>();
  const capabilities = {
    mayStill: async (_: string, scopes: readonly string[], tenantId: string) =>
      await Promise.resolve(scopes.includes('records.read') && !revoked.has(tenantId)),
  };
  const depsOf = (faults: Faults = createFaults()) => ({
    ...{ telemetry, capabilities, now: clock.now, tenants: faults.inject('tenants', tenants) },
    queues: faults.inject('queues', queues),
    batches: faults.inject('batches', batches),
    children: faults.inject('children', children),
  });
  type Deps = ReturnType<typeof depsOf>;
  const kindOf = (deps: Deps): ChildKind<InventedRequest, InventedState> => ({
    effects: { store: deps.children },
    requires: ['records.read'],
    statusOf,
    newChild: async ({ tenantId }) => {
      if (damaged.has(tenantId)) throw new Damage('Something of this tenant cannot be read.');
      return await Promise.resolve({
        tenantId,
        request: { note: '' },
        state: { done: 0 },
        createdBy: 'key-1',
      });
    },
  });
  const workOf = (deps: Deps): BatchWork<BatchRequest, BatchState> => ({
    store: deps.batches,
    children: (batch) => childrenOf(deps, kindOf(deps), batch),
    endOf: () => ({ status: 'Succeeded' }),
  });
  const run = async (deps: Deps, message: OperationMessage): Promise<void> => {
    const delivery = { message, budget: clock.startBudget(budgetMs) };
    if (message.kind === 'rollouts') await runOperation(deps, batchWork(workOf(deps)), delivery);
    else {
      const own = { store: deps.children, inTurn: whileManaged(deps), work: childWork(work) };
      await runOperation(deps, own, delivery);
    }
    const busy = children.all().filter((one) => !isFinished(one)).length;
    working.most = Math.max(working.most, busy);
  };
  /** Delivers the message that is due first; one whose host was killed comes again. */
  const deliver = async (faults?: Faults): Promise<boolean> => {
    const next = queues.messages.toSorted((a, b) => a.delayMs - b.delayMs)[0];
    if (next === undefined) return false;
    clock.advance(next.delayMs);
    const passed = queues.messages.splice(0).filter((one) => one !== next);
    queues.messages.push(
      ...passed.map((one) => ({ ...one, delayMs: Math.max(0, one.delayMs - next.delayMs) })),
    );
    try {
      await run(depsOf(faults), next.message);
    } catch (error) {
      if (!(error instanceof Crash || isDamage(error))) throw error;
      queues.messages.push({ ...next, delayMs: error instanceof Crash ? 0 : redeliveryMs });
    }
    return true;
  };
  const world = {
    ...{
      clock,
      ids,
      revoked,
      damaged,
      tenants,
      batches,
      children,
      queues,
      working,
      depsOf,
      run,
      deliver,
    },
    start: async () =>
      await startOperation(depsOf(), batches, {
        ...{ tenantId: ownerId, createdBy: 'key-1', request: { note: '' } },
        state: { members: ids.map((tenantId) => ({ tenantId, status: 'NotStarted' as const })) },
      }),
    /** Delivers all messages, the first ones with these faults. */
    drain: async (faults?: Faults): Promise<void> => {
      for (let count = 0; await deliver(faults); count++) {
        if (count > 5000) throw new Error('The messages do not come to an end.');
      }
    },
    cancel: async (deps = depsOf()): Promise<void> => {
      const [found] = batches.all();
      if (found !== undefined) await cancelOperation(deps, { store: deps.batches }, found);
    },
    /** The batch as it is now. */
    read: () => {
      const [found] = batches.all();
      if (found === undefined) throw new Error('There is no batch.');
      return found;
    },
    events: (event: TelemetryEvent) => recorded.of(event),
    statuses: () => world.read().state.members.map(({ status }) => status),
  };
  return world;
}

export type BatchWorld = ReturnType<typeof createBatchWorld>;
