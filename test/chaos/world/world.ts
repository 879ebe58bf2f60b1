/** Everything that a run of chaos consists of: the simulator, storage behind a proxy, two hosts, and a clock. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKey } from '../../../scripts/key/create-key.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { dayMs, secondMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { startStorageProxy, type StorageCall, type Interference } from '../../support/storage-proxy.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { contentTypes } from '../history.ts';
import { createWorldClock, type WorldClock } from './clocks.ts';
import { startWorldHost, type Host, type HostParts } from './hosts.ts';

/** What is slow to make, and made by whatever starts the run. */
export interface Resources extends Omit<HostParts, 'env'> {
  /** Of an empty storage account. */
  readonly connectionString: string;
}

export interface WorldOptions {
  readonly tenants: number;
  readonly hosts: number;
  readonly interfere: (call: StorageCall) => Interference | undefined;
  /** Of the app, in addition to its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Authorities that hosts trust in addition to the simulator's. */
  readonly authorities: readonly string[];
}

export interface World {
  readonly tenantIds: readonly string[];
  readonly clock: WorldClock;
  readonly simulator: Simulator;
  readonly hosts: readonly Host[];
  /** For every tenant, with all scopes of a reader. */
  readonly apiKey: string;
  /** Storage as it is, without the proxy. */
  readonly stored: ReturnType<typeof openStored>;
  readonly stop: () => Promise<void>;
}

/** Content grows for less time than the app leaves it alone. */
const growsForMs = 40 * secondMs;
const startedAgoMs = 6 * dayMs;
const pageSize = 8;

export async function startWorld(resources: Resources, options: WorldOptions): Promise<World> {
  const { folder, connectionString, script, preloaded } = resources;
  const clock = createWorldClock(folder, -startedAgoMs);
  const simulator = await startSimulator({
    ...{ tenants: [], caFile: join(folder, 'simulator.pem'), settleMs: growsForMs, resubscribeLagMs: 0 },
    ...{ pageSize, emptyPagesBetween: true, now: () => new Date(clock.now()) },
  });
  const proxy = await startStorageProxy(connectionString, options.interfere);
  const authorities = join(folder, 'authorities.pem');
  await writeFile(authorities, [simulator.caPem, ...options.authorities].join('\n'));
  const stored = openStored(connectionString);
  const tenantIds = await addTenants(options.tenants, simulator, stored);
  const storage = { kind: 'connectionString', connectionString } as const;
  const apiKey = await createKey({ storage, name: 'Chaos', tenants: '*', scopes: ['records.read'] });
  const env = {
    ...appSettings(simulator, proxy.connectionString),
    ...{ NODE_EXTRA_CA_CERTS: authorities, ...options.env },
  };
  const parts = { folder, script, preloaded, env };
  const names = Array.from({ length: options.hosts }, (_, at) => `host-${at}`);
  const hosts = await Promise.all(names.map((name) => startWorldHost(name, parts, clock)));
  return {
    ...{ tenantIds, clock, simulator, hosts, apiKey, stored },
    stop: async () => {
      await Promise.all(hosts.map((host) => host.stop()));
      await Promise.all([proxy.stop(), simulator.stop()]);
    },
  };
}

function openStored(connectionString: string) {
  const tables = createTables({ kind: 'connectionString', connectionString });
  const [ledger, landings] = [createLedger(tables), createLandingStore(tables)];
  return { tables, ledger, landings, tenants: createTenantStore(tables) };
}

async function addTenants(
  count: number,
  simulator: Simulator,
  { tenants }: ReturnType<typeof openStored>,
): Promise<readonly string[]> {
  const tenantIds = Array.from({ length: count }, (_, at) => guidOf(`tenant ${at}`));
  for (const [at, tenantId] of tenantIds.entries()) {
    const directory = { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] };
    const [displayName, domain] = [`Tenant ${at}`, `tenant-${at}.example`];
    simulator.addTenant({ tenantId, displayName, domain, records: [], auditingEnabled: true, directory });
    await tenants.create(tenantNamed(displayName, { tenantId, contentTypes: [...contentTypes] }));
  }
  return tenantIds;
}

function appSettings(simulator: Simulator, connectionString: string): Readonly<Record<string, string>> {
  return {
    ...{ AzureWebJobsStorage: connectionString, ...simulatorSettings(simulator) },
    // A killed host leaves a tenant alone for as long as a poll may take.
    AUDITKEEP_INVOCATION_BUDGET_SECONDS: '60',
    AUDITKEEP_POLL_CEILING_MINUTES: '5',
    AUDITKEEP_CALLS_PER_MINUTE: '1000000',
    // The message of a killed host must be redelivered soon.
    LOCAL_HOST_LEASE_SECONDS: '3',
    LOCAL_HOST_LOG_LEVEL: 'error',
  };
}
