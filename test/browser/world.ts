/** The app with its console, and Microsoft 365 in which two tenants have consented and one has not. */
import { readFile } from 'node:fs/promises';
import { contentTypes } from '../../shared/activity/content-types.ts';
import { createKey } from '../../scripts/key/create-key.ts';
import { consentAsAdministrator } from '../local/administrator.ts';
import { createApi, type Api } from '../local/api.ts';
import { collect, readBaseline } from '../local/collecting.ts';
import { startHost, type HostProcess } from '../local/host-process.ts';
import { localScopes } from '../local/local-scopes.ts';
import { startSimulatorProcess, type SimulatorProcess } from '../local/simulator-process.ts';
import { simulatorSettings } from '../local/simulator-settings.ts';

export interface ConsoleWorld {
  readonly baseUrl: string;
  /** May do everything but purge and lift legal holds, in all tenants. */
  readonly key: string;
  /** May only read the last tenant. */
  readonly customerKey: string;
  /** Those that are registered, in this order; the last one has not consented. */
  readonly tenants: SimulatorProcess['tenants'];
  /** Of Microsoft 365, and not registered: no customer. Empty by default. */
  readonly strangers: SimulatorProcess['tenants'];
  /** Resolves when every record of those that have consented is found; for a world that is audited. */
  collect(): Promise<void>;
  stop(): Promise<void>;
}

interface Place {
  /** Of an empty storage account. */
  readonly connectionString: string;
  /** Folder of the built app. */
  readonly project: string;
  /** The local host; by default its source. */
  readonly script?: string;
  /** Of the app, in addition. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Auditing is on from the beginning, so there are records; by default it is off. */
  readonly isAudited?: boolean;
  /** How many tenants are not registered. @default 0 */
  readonly strangers?: number;
}

/** The caller stops it, and owns the place. */
export async function startConsoleWorld({
  connectionString,
  project,
  script,
  settings,
  isAudited = false,
  strangers = 0,
}: Place): Promise<ConsoleWorld> {
  const simulator = await startSimulatorProcess(undefined, { isAudited });
  const env = {
    ...simulatorSettings(simulator),
    NODE_EXTRA_CA_CERTS: simulator.caFile,
    AzureWebJobsStorage: connectionString,
    LOCAL_HOST_LOG_LEVEL: 'error',
    ...settings,
  };
  const host: HostProcess = await startHost({ project, env, ...(script === undefined ? {} : { script }) });
  const keyFor = (tenants: string, scopes: Parameters<typeof createKey>[0]['scopes']) =>
    createKey({ storage: { kind: 'connectionString', connectionString }, name: 'console', tenants, scopes });
  const key = await keyFor('*', localScopes);
  const tenants = simulator.tenants.slice(0, simulator.tenants.length - strangers);
  const api = createApi(host.baseUrl, key);
  const consented = tenants.slice(0, -1);
  const readDelivered = () => simulator.readDelivered(consented.map(({ tenantId }) => tenantId));
  const run = { tenants: consented, api, host, readDelivered };
  const before = await readBaseline(run);
  await registerAll(api, { tenants, caFile: simulator.caFile });
  return {
    ...{ baseUrl: host.baseUrl, key, tenants },
    strangers: simulator.tenants.slice(tenants.length),
    customerKey: await keyFor(tenants.at(-1)?.tenantId ?? '', ['records.read']),
    collect: async () => {
      const { ending } = await collect(run, before, () => undefined);
      if (ending !== 'complete') throw new Error(`Not everything was collected: ${ending}.`);
    },
    stop: async () => {
      await Promise.all([host.stop(), simulator.stop()]);
    },
  };
}

async function registerAll(
  api: Api,
  { tenants, caFile }: Pick<SimulatorProcess, 'tenants' | 'caFile'>,
): Promise<void> {
  const authority = await readFile(caFile, 'utf8');
  for (const [at, { displayName, domain, tenantId }] of tenants.entries()) {
    const { consentUrl } = await api.registerTenant({ displayName, domain, tenantId, contentTypes });
    if (consentUrl !== undefined && at < tenants.length - 1)
      await consentAsAdministrator(consentUrl, authority);
  }
}
