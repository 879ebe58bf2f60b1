/** The deployed app in a host that can be stopped and started again, on a clock that tests move, before the simulator. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import getPort from 'get-port';
import { scopes } from '../../../shared/access/api-keys.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { hostClockScript, preloadedScripts, redeliverSoon } from '../../chaos/resources.ts';
import { createWorldClock, type WorldClock } from '../../chaos/world/clocks.ts';
import { startHost, type HostProcess } from '../../local/host-process.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import type { SettingsChange } from '../../simulator/settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { buildApp } from '../../support/built-app.ts';
import { expectDescribedResponse } from '../../support/described.ts';
import { bundledHost, bundleScript } from '../../support/run/bundle.ts';
import { openStorage } from '../../support/run/storage.ts';
import { startStorageProxy, type StorageCall } from '../../support/storage-proxy.ts';
import type { WebhookReceiver } from '../../support/webhook-receiver.ts';
import { issueKey } from '../access/credentials.ts';

export interface DeployedOptions {
  /** How far the clock is from this machine's at first. */
  readonly startMs: number;
  /** Of the simulator. */
  readonly microsoft?: SettingsChange;
  /** Settings of the app. */
  readonly env?: Readonly<Record<string, string>>;
  /** Signs in by the identity of the machine, and not by a secret; reads secrets from the vault of the simulator. */
  readonly hasIdentity?: boolean;
  /** Of Node, for the host. */
  readonly nodeOptions?: readonly string[];
  /** Receives webhooks. */
  readonly receiving?: Receiving;
  /** Receives each request of the app to storage, as it arrives there. */
  readonly onStorageCall?: (call: StorageCall) => void;
}

export interface Receiving {
  readonly receiver: Pick<WebhookReceiver, 'ca' | 'port'>;
  /** What the app knows it by; the address behind it is a public one, as far as the app can see. */
  readonly name: string;
}

export interface DeployedApp {
  readonly clock: WorldClock;
  readonly simulator: Simulator;
  /** Of its storage, without the proxy that sees its requests. */
  readonly connectionString: string;
  /** Where the host answers, and a key with all scopes for all tenants. */
  readonly api: { readonly baseUrl: string; readonly apiKey: string };
  /** What the running host answers, with all scopes for all tenants; the address may also be whole. */
  readonly ask: (address: string, init?: RequestInit) => Promise<Response>;
  /** Starts a timer function of the running host, which keeps running after this resolves. */
  readonly run: (timer: string) => Promise<void>;
  readonly isWorking: () => Promise<boolean>;
  /** Ends the host as Azure does, or in the middle of whatever it does. */
  readonly halt: (how: 'stop' | 'kill') => Promise<void>;
  /** Starts a host in place of the one that was halted, at the same address. */
  readonly start: () => Promise<void>;
  /** Ends everything. */
  readonly stop: () => Promise<void>;
}

/** Starts all of it, with one host. */
export async function startDeployedApp(options: DeployedOptions): Promise<DeployedApp> {
  const [project, storage] = await Promise.all([buildApp(), openStorage()]);
  await redeliverSoon(project);
  const clock = createWorldClock(project, options.startMs);
  const now = () => new Date(clock.now());
  const simulator = await startSimulator({
    ...{ tenants: [], resubscribeLagMs: 0, ...options.microsoft },
    ...{ caFile: join(project, 'simulator.pem'), now },
  });
  const proxy = await startStorageProxy(storage.connectionString, (call) => {
    options.onStorageCall?.(call);
    return undefined;
  });
  const env = {
    ...{ AzureWebJobsStorage: proxy.connectionString, ...simulatorSettings(simulator) },
    ...(options.hasIdentity === true && identitySettings(simulator)),
    AUDITKEEP_CALLS_PER_MINUTE: '1000000',
    // The message of a killed host must be redelivered soon.
    ...{ LOCAL_HOST_LEASE_SECONDS: '3', ...options.env },
    CHAOS_CLOCK_FILE: clock.createHostClock('host').file,
    ...(await surroundings(project, simulator, options)),
  };
  const [script, port] = [await bundledHost(), await getPort({ host: '127.0.0.1' })];
  const start = () => startHost({ project, script, port, env });
  const { connectionString } = storage;
  const tables = createTables({ kind: 'connectionString', connectionString });
  const key = await issueKey({ keys: createApiKeyStore(tables) }, '*', { scopes });
  let host: HostProcess = await start();
  const halt = async (how: 'stop' | 'kill') => {
    if (how === 'kill') host.kill();
    else await host.stop();
    await host.ended;
  };
  return {
    ...{ clock, simulator, connectionString, halt },
    api: { baseUrl: `http://127.0.0.1:${port}`, apiKey: key },
    ask: (address, init) => ask(new URL(address, `http://127.0.0.1:${port}/api/`), key, init),
    run: (timer) => host.run(timer),
    isWorking: async () => (await host.status()).working,
    start: async () => {
      host = await start();
    },
    stop: async () => {
      await halt('stop');
      await Promise.all([proxy.stop(), simulator.stop()]);
      await Promise.all([storage.close(), rm(project, { recursive: true })]);
    },
  };
}

function identitySettings(simulator: Simulator): Readonly<Record<string, string>> {
  return {
    AUDITKEEP_CREDENTIAL: 'managedIdentity',
    AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID: simulator.managedIdentity.clientId,
    AUDITKEEP_KEY_VAULT_URL: simulator.baseUrl,
    IDENTITY_ENDPOINT: simulator.identityEndpoint,
    IDENTITY_HEADER: simulator.identityHeader,
  };
}

/** What is around the host: its clock, the authorities that it trusts, and, for webhooks, the internet. */
async function surroundings(
  project: string,
  simulator: Simulator,
  { receiving, nodeOptions = [] }: DeployedOptions,
): Promise<Readonly<Record<string, string>>> {
  const authorities = join(project, 'authorities.pem');
  await writeFile(authorities, [simulator.caPem, receiving?.receiver.ca ?? ''].join('\n'));
  const scripts = receiving === undefined ? [hostClockScript] : preloadedScripts;
  const loaded = await Promise.all(scripts.map(bundleScript));
  return {
    NODE_EXTRA_CA_CERTS: authorities,
    NODE_OPTIONS: [...nodeOptions, ...loaded.map((path) => `--import ${pathToFileURL(path).href}`)].join(' '),
    ...(receiving && { STAND_IN_NAME: receiving.name, STAND_IN_PORT: String(receiving.receiver.port) }),
  };
}

async function ask(url: URL, key: string, init: RequestInit = {}): Promise<Response> {
  const type = typeof init.body === 'string' ? { 'content-type': 'application/json' } : {};
  const response = await fetch(url, { ...init, headers: { 'x-api-key': key, ...type } });
  await expectDescribedResponse(init.method ?? 'GET', response);
  return response;
}
