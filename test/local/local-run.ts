/** Starts the parts of a local run: storage emulator, Microsoft 365 simulator, and the app in the local host. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import getPort from 'get-port';
import { findPostgresql } from '../support/postgresql/binaries.ts';
import { createKey } from '../../scripts/key/create-key.ts';
import { contentTypes } from '../../shared/activity/content-types.ts';
import { parseConfig } from '../../shared/config.ts';
import { consentAsAdministrator } from './administrator.ts';
import { type Api, createApi } from './api.ts';
import { build } from './build.ts';
import { projectFolder } from './child.ts';
import { readLocalSettings } from './host/settings.ts';
import { type HostProcess, startHost } from './host-process.ts';
import { localScopes } from './local-scopes.ts';
import type { TenantRegistration } from './onboarding-api.ts';
import type { Options } from './options.ts';
import { type PostgresqlProcess, startDatabase } from './postgresql-process.ts';
import type { Processes } from './processes.ts';
import { passwordSecret } from './sending.ts';
import { type Delivered, type SimulatorProcess, startSimulatorProcess } from './simulator-process.ts';
import { destinationSettings, simulatorSettings } from './simulator-settings.ts';
import { startStorage } from './storage.ts';

const DEFAULT_PORT = 7071;

export interface LocalRun {
  readonly api: Api;
  /** Of its storage, for commands of `auditkeep` that work on it directly. */
  readonly connectionString: string;
  /** Gets every record; undefined unless it is wanted and can run here. */
  readonly database: PostgresqlProcess | undefined;
  readonly host: HostProcess;
  /** The tenants to collect from. */
  readonly tenants: readonly TenantRegistration[];
  /** What the feeds of all tenants offer so far; undefined with the real Microsoft 365, which does not report it. */
  readonly readDelivered: (() => Promise<Delivered>) | undefined;
  /** Makes the tenant's administrator open the consent link; undefined if that does not happen here. */
  readonly consent: ((consentUrl: string) => Promise<void>) | undefined;
}

export interface StartOptions {
  readonly options: Options;
  readonly processes: Processes;
  /** Receives progress messages. */
  readonly say: (line: string) => void;
}

/**
 * Starts everything and returns once the API answers.
 * @throws {Error} with one line that names what could not be started.
 */
export async function startLocalRun({ options, processes, say }: StartOptions): Promise<LocalRun> {
  const liveSettings = options.live ? readLiveSettings() : {};
  await build();
  const location = options.data === undefined ? {} : { location: options.data };
  const { connectionString } = await processes.start(() => {
    say('Starting the storage emulator');
    return startStorage(location);
  });
  const password = randomBytes(16).toString('base64url');
  const database =
    options.destination === undefined
      ? undefined
      : await startDatabase({ bin: findPostgresql(), password, processes, say });
  const secrets = database === undefined ? {} : { [passwordSecret]: password };
  const simulator = options.live ? undefined : await startSimulator(options, secrets, { processes, say });
  const port = options.port ?? (await getPort({ port: DEFAULT_PORT, host: '127.0.0.1' }));
  const env = {
    LOCAL_HOST_LOG_LEVEL: process.env['LOCAL_HOST_LOG_LEVEL'] ?? 'warning',
    AUDITKEEP_SIGNING_KEY: createSigningKey(),
    ...liveSettings,
    ...(simulator === undefined ? {} : settingsFor(simulator, database)),
    AzureWebJobsStorage: connectionString,
  };
  const host = await processes.start(() => {
    say('Starting Auditkeep');
    return startHost({ port, env: { ...env, NODE_OPTIONS: withRoom }, onErrorLine: say });
  });
  const api = createApi(
    host.baseUrl,
    await createKey({
      storage: { kind: 'connectionString', connectionString },
      name: 'local run',
      tenants: '*',
      scopes: localScopes,
    }),
  );
  await api.checkHealth();
  return {
    ...{ api, connectionString, database, host, tenants: tenantsOf(options, simulator) },
    readDelivered: simulator?.readDelivered,
    consent: simulator === undefined || !isDemo(options) ? undefined : createAdministrator(simulator),
  };
}

function isDemo({ live, records }: Options): boolean {
  return !live && records === undefined;
}

/** Demo tenants are registered by domain, as customers usually are; a file of records has no domain. */
function tenantsOf(options: Options, simulator: SimulatorProcess | undefined): readonly TenantRegistration[] {
  if (simulator === undefined)
    return options.tenants.map((tenantId) => ({ tenantId, displayName: tenantId }));
  return simulator.tenants.map(({ tenantId, displayName, domain }) => ({
    ...{ tenantId, displayName, contentTypes },
    ...(isDemo(options) ? { domain } : {}),
  }));
}

function createAdministrator({ caFile }: SimulatorProcess): LocalRun['consent'] {
  return async (consentUrl) => consentAsAdministrator(consentUrl, await readFile(caFile, 'utf8'));
}

type Starting = Omit<StartOptions, 'options'>;

function startSimulator(
  { records }: Options,
  secrets: Readonly<Record<string, string>>,
  { processes, say }: Starting,
): Promise<SimulatorProcess> {
  return processes.start(() => {
    say('Starting the Microsoft 365 simulator');
    return startSimulatorProcess(records, { secrets });
  });
}

/** The values of local.settings.json, validated like in the app, so that a mistake is reported in one clear line. */
function readLiveSettings(): Readonly<Record<string, string>> {
  const settings = readLocalSettings(projectFolder);
  if (settings === undefined) {
    throw new Error(
      '--live needs local.settings.json: copy local.settings.example.json (install -m 600) and fill it in',
    );
  }
  parseConfig({
    AUDITKEEP_SIGNING_KEY: createSigningKey(),
    ...settings,
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  });
  return settings;
}

function settingsFor(
  simulator: SimulatorProcess,
  database: PostgresqlProcess | undefined,
): Readonly<Record<string, string>> {
  return {
    NODE_EXTRA_CA_CERTS: simulator.caFile,
    ...simulatorSettings(simulator),
    // The simulator's content blobs do not grow once they are listed.
    AUDITKEEP_SETTLE_SECONDS: '1',
    ...(database === undefined ? {} : destinationSettings(simulator)),
  };
}

/**
 * A laptop has memory to spare: with room for short-lived objects, a search through the texts of 200,000 records takes a
 * fifth less time, which is otherwise spent on collecting garbage.
 */
const withRoom = `${process.env['NODE_OPTIONS'] ?? ''} --max-semi-space-size=64`.trim();

function createSigningKey(): string {
  return randomBytes(32).toString('base64');
}
