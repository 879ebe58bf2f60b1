/** A simulator, a storage account and a process that enables, shared by the tests of one file. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { createPostureStore } from '../../../shared/adapters/tables/posture-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import {
  enablementKind,
  enablementRequestSchema,
  type Enablement,
} from '../../../shared/enablement/enablement.ts';
import { isFinished } from '../../../shared/operations/operation.ts';
import { takeOver } from '../../../shared/operations/operation-run.ts';
import { findOperation } from '../../../shared/operations/operation-store.ts';
import { startEnablement } from '../../../shared/enablement/start-enablement.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import type { SimulatedExchange } from '../../simulator/exchange/exchange-schema.ts';
import { defaultSettings } from '../../simulator/settings.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { minuteMs } from '../../support/clock.ts';
import type { EnablerJob, EnablerReport, EnablerWork } from '../../support/enabler-messages.ts';
import { startEnabler } from '../../support/enabler-process.ts';
import { openStorage } from '../../support/run/storage.ts';
import { tenantNamed } from '../../support/tenants.ts';

const publisherId = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';

export interface NewTenant {
  /** What the feed thinks; follows the unified audit log unless it is said otherwise. */
  readonly auditingEnabled?: boolean;
  readonly contentTypes?: readonly ContentType[];
  readonly exchange?: SimulatedExchange;
  readonly repairDrift?: boolean;
}

type Resources = Awaited<ReturnType<typeof startResources>>;
export type EnabledTenant = Awaited<ReturnType<typeof createTenant>>;

async function startResources() {
  const folder = await mkdtemp(join(tmpdir(), 'enabling-test-'));
  const storage = await openStorage();
  const simulator = await startSimulator({ tenants: [], caFile: join(folder, 'ca.pem'), publisherId });
  const clock = { offsetMs: 0 };
  const resources = {
    ...{ storage, simulator, clock, enabler: await startEnabler(simulator.caFile) },
    tables: createTables({ kind: 'connectionString', connectionString: storage.connectionString }),
    stop: async () => {
      await resources.enabler.stop();
      await simulator.stop();
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
  return resources;
}

/**
 * Starts all before the file's tests. After each test the simulator is itself again.
 * @returns a way to make a tenant that no other test knows
 */
export function useEnabling(): (options?: NewTenant) => Promise<EnabledTenant> {
  let resources: Resources | undefined;
  beforeAll(async () => {
    resources = await startResources();
  });
  afterEach(() => {
    resources?.simulator.faults.clear();
    resources?.simulator.changeSettings(defaultSettings);
  });
  afterAll(() => resources?.stop());
  return (options = {}) => {
    if (resources === undefined) throw new Error('Tenants are there only while tests run.');
    return createTenant(resources, options);
  };
}

async function createTenant(resources: Resources, options: NewTenant) {
  const { simulator, tables, clock } = resources;
  const tenant = tenantNamed('Fabrikam', {
    contentTypes: options.contentTypes ?? ['Audit.Exchange', 'Audit.SharePoint'],
    repairDrift: options.repairDrift ?? false,
  });
  const { tenantId } = tenant;
  addToSimulator(resources, tenant, options);
  const tenants = createTenantStore(tables);
  await tenants.create(tenant);
  const stores = {
    tenants,
    enablements: createOperationStore(tables, enablementKind),
    postures: createPostureStore(tables),
  };
  const now = () => new Date(Date.now() + clock.offsetMs);
  const requested: EnablerReport[] = [];
  const work = async (job: Pick<EnablerJob, 'work'> & Partial<EnablerJob>): Promise<EnablerReport> => {
    const report = await resources.enabler.work({ ...jobOf(resources, tenantId), ...job });
    requested.push(report);
    return report;
  };
  const start = (request: unknown = {}): Promise<Enablement> => {
    const queues = { requestOperationRun: () => Promise.resolve() };
    const deps = { enablements: stores.enablements, queues, telemetry: () => undefined, now };
    return startEnablement(deps, {
      tenantId,
      request: enablementRequestSchema.parse(request),
      createdBy: 'key-1',
    });
  };
  const read = (id: string) => findOperation(stores.enablements, { tenantId, id });
  /** Both clocks, the simulator's and the product's. */
  const advance = (ms: number) => {
    clock.offsetMs += ms;
    simulator.moveClock(clock.offsetMs);
  };
  const lastSent = (id: string): EnablerWork =>
    requested.flatMap(({ messages }) => messages).findLast((message) => message.id === id) ?? { id };
  /** Delivers messages to the end, moving the clocks to the time of each. */
  const drain = async (id: string, job: Partial<EnablerJob> = {}): Promise<Enablement> => {
    for (let messages = 0; messages < 100; messages++) {
      const { after } = lastSent(id);
      const report = await work({ ...job, work: { id, after } });
      const enablement = await read(id);
      if (isFinished(enablement)) return enablement;
      advance(Math.max(0, ...report.messages.map(({ delayMs }) => delayMs)));
    }
    throw new Error('The messages do not come to an end.');
  };
  return {
    ...{ tenantId, tenant, simulator, ...stores, work, start, read, advance, drain, now },
    exchange: simulator.exchange(tenantId),
    reports: requested as readonly EnablerReport[],
    run: async (request: unknown = {}, job: Partial<EnablerJob> = {}): Promise<Enablement> =>
      await drain((await start(request)).id, job),
    /** One message of a new enablement, which is canceled after it. */
    firstAnswer: async (request: unknown = {}): Promise<Enablement> => {
      const { id } = await start(request);
      await work({ work: { id } });
      const seen = await read(id);
      await (await takeOver(stores.enablements, seen, now))?.save({ status: 'Canceled' });
      return seen;
    },
  };
}

function addToSimulator({ simulator }: Resources, { tenantId }: Tenant, options: NewTenant): void {
  simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: `${randomUUID()}.fabrikam.example`, records: [] },
    auditingEnabled: options.auditingEnabled ?? options.exchange?.unifiedAuditLog ?? true,
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
    exchange: options.exchange ?? {},
  });
  simulator.counters.reset();
}

function jobOf({ storage, simulator, clock }: Resources, tenantId: string): Omit<EnablerJob, 'id' | 'work'> {
  const { connectionString } = storage;
  const { baseUrl, clientId, clientSecret } = simulator;
  return {
    ...{ connectionString, baseUrl, clientId, clientSecret, publisherId, tenantId },
    ...{ clockOffsetMs: clock.offsetMs, budgetMs: 4 * minuteMs },
  };
}
