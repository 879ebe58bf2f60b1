/** All that an enablement touches, in memory: an organization, a feed, storage that outlives crashes, and a clock. */
import {
  enablementRequestSchema,
  type Enablement,
  type EnablementRequest,
  type EnablementStep,
  type StepName,
} from '../../shared/enablement/enablement.ts';
import { enablementKind, type EnablementState } from '../../shared/enablement/enablement.ts';
import { enablementWork, type EnablementWorkDeps } from '../../shared/enablement/enablement-work.ts';
import { startEnablement, type StartEnablementDeps } from '../../shared/enablement/start-enablement.ts';
import type { StartBudget } from '../../shared/budget.ts';
import type { MatterQueue } from '../../shared/channels/notifications.ts';
import type { WorkQueues } from '../../shared/landing/work-queues.ts';
import { cancelOperation } from '../../shared/operations/end-operation.ts';
import { findOperation, type StoredOperation } from '../../shared/operations/operation-store.ts';
import type { OperationMessage, OperationQueue } from '../../shared/operations/operation.ts';
import { runOperation, type RunOperationDeps } from '../../shared/operations/run-operation.ts';
import type { ContentType } from '../../shared/activity/content-types.ts';
import { createClock, minuteMs } from './clock.ts';
import { createFakeFeed } from './fakes/activity-feed.ts';
import { createFakeEnablementQueue } from './fakes/enablement-queue.ts';
import { createFakeExchange } from './fakes/exchange-admin.ts';
import { createFakeOperationStore } from './fakes/operation-store.ts';
import { createFakePostureStore } from './fakes/posture-store.ts';
import { createRecordingTelemetry } from './fakes/telemetry.ts';
import { createFakeTenantStore } from './fakes/tenant-store.ts';
import { Crash, createFaults, type Faults } from './faults.ts';
import { fabrikamId, tenantNamed } from './tenants.ts';

export interface EnablementWorldOptions {
  readonly contentTypes?: readonly ContentType[];
  /** Content types subscribed to before. */
  readonly running?: readonly ContentType[];
  readonly budgetMs?: number;
  readonly repairDrift?: boolean;
}

export type EnablementDeps = EnablementWorkDeps &
  RunOperationDeps &
  StartEnablementDeps & { readonly startBudget: StartBudget; readonly budgetMs: number } & {
    readonly queues: WorkQueues & OperationQueue & MatterQueue;
  };

export function runEnablement(deps: EnablementDeps, message: OperationMessage): Promise<void> {
  const budget = deps.startBudget(deps.budgetMs);
  return runOperation(deps, enablementWork(deps), { message, budget });
}

export type EnablementWorld = ReturnType<typeof createEnablementWorld>;

/** Messages after which something is going round in circles. */
const manyMessages = 200;

export function createEnablementWorld(options: EnablementWorldOptions = {}) {
  const clock = createClock();
  const contentTypes = options.contentTypes ?? ['Audit.Exchange', 'Audit.SharePoint'];
  const tenant = tenantNamed('Fabrikam', {
    ...{ tenantId: fabrikamId, contentTypes, repairDrift: options.repairDrift ?? false },
  });
  const exchange = createFakeExchange(clock.now);
  const feed = createFakeFeed(clock.now, options.running ?? []);
  const telemetry = createRecordingTelemetry();
  const enablements = createFakeOperationStore(enablementKind);
  const postures = createFakePostureStore();
  const tenants = createFakeTenantStore([tenant]);
  const queues = createFakeEnablementQueue(clock.now);
  const depsOf = (faults: Faults = createFaults()): EnablementDeps => {
    const writes = faults.inject('exchange', exchange);
    return {
      now: clock.now,
      startBudget: clock.startBudget,
      telemetry: telemetry.telemetry,
      budgetMs: options.budgetMs ?? 4 * minuteMs,
      exchange: {
        ...exchange,
        enableCustomization: (...args) => writes.enableCustomization(...args),
        enableUnifiedAuditLog: (...args) => writes.enableUnifiedAuditLog(...args),
        allowMailboxAuditing: (...args) => writes.allowMailboxAuditing(...args),
        changeMailboxes: (...args) => writes.changeMailboxes(...args),
        removeBypasses: (...args) => writes.removeBypasses(...args),
      },
      feed: {
        ...feed,
        startSubscription: (...args) => faults.inject('feed', feed).startSubscription(...args),
      },
      enablements: faults.inject('enablements', enablements),
      postures: faults.inject('postures', postures),
      tenants: faults.inject('tenants', tenants),
      queues: faults.inject('queues', queues),
    };
  };
  const start = (request: unknown = {}): Promise<Enablement> =>
    startEnablement(depsOf(), {
      tenantId: tenant.tenantId,
      request: enablementRequestSchema.parse(request),
      createdBy: 'key-1',
    });
  /** Delivers the message that is due first, moving the clock to it; false when there is none. */
  const deliver = async (faults: Faults = createFaults()): Promise<boolean> => {
    const next = queues.take();
    if (next === undefined) return false;
    if (next.due > clock.now()) clock.set(next.due);
    try {
      await runEnablement(depsOf(faults), next.message);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await queues.requestOperationRun(next.message, 0);
    }
    return true;
  };
  /** Delivers messages until none are left. */
  const drain = async (faultsOfRuns: readonly Faults[] = []): Promise<void> => {
    for (let count = 0; await deliver(faultsOfRuns[count]); count++) {
      if (count > manyMessages) throw new Error('The messages do not come to an end.');
    }
  };
  const read = (id: string): Promise<StoredOperation<EnablementRequest, EnablementState>> =>
    findOperation(enablements, { tenantId: tenant.tenantId, id });
  const cancel = async (id: string, deps = depsOf()): Promise<Enablement> =>
    await cancelOperation(deps, { store: deps.enablements }, await read(id));
  return {
    ...{ clock, tenant, exchange, feed, telemetry, enablements, postures, tenants, queues },
    ...{ depsOf, start, deliver, drain, read, cancel },
    /** Starts an enablement and carries it to its end. */
    run: async (request: unknown = {}): Promise<Enablement> => {
      const { id } = await start(request);
      await drain();
      return await read(id);
    },
  };
}

export function stepOf({ state: { steps } }: Pick<Enablement, 'state'>, name: StepName): EnablementStep {
  const step = steps.find((each) => each.name === name);
  if (step === undefined) throw new Error(`There is no step ${name}.`);
  return step;
}

export function requestOf(request: unknown = {}): EnablementRequest {
  return enablementRequestSchema.parse(request);
}

/** Status of every requested step. */
export function statusesOf({
  state: { steps },
}: Pick<Enablement, 'state'>): Readonly<Record<string, string>> {
  const asked = steps.filter(({ status }) => status !== 'Skipped');
  return Object.fromEntries(asked.map(({ name, status }) => [name, status]));
}
