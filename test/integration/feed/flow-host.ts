/** What is deployed, in local hosts that can be killed, over the storage emulator and the stand-in for Microsoft 365. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import getPort from 'get-port';
import { startAzurite } from '../../local/azurite.ts';
import { projectFolder, startChild } from '../../local/child.ts';
import { standInSettings } from '../../local/stand-in-settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { buildApp } from '../../support/built-app.ts';
import type { WebhookReceiver } from '../../support/webhook-receiver.ts';

export interface FlowHost {
  readonly connectionString: string;
  readonly simulator: Simulator;
  /** The same after every restart. */
  readonly port: number;
  /** Ends the host in the middle of whatever it does, and starts another one in its place. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface Receiving {
  readonly receiver: WebhookReceiver;
  /** What the app knows it by; the address behind it is a public one, as far as the app can see. */
  readonly name: string;
}

export async function startFlowHost(receiving: Receiving): Promise<FlowHost> {
  const folder = await buildApp();
  await Promise.all([bundle('test/local/host/main.ts', join(folder, 'host.cjs')), bundleNetwork(folder)]);
  const [azurite, simulator] = await Promise.all([
    startAzurite(),
    startSimulator({ tenants: [], caFile: join(folder, 'simulator.pem') }),
  ]);
  const port = await getPort({ host: '127.0.0.1' });
  const authorities = join(folder, 'authorities.pem');
  await writeFile(authorities, `${simulator.caPem}\n${receiving.receiver.ca}`);
  const env = {
    ...appSettings(simulator, azurite.connectionString),
    ...{ STAND_IN_NAME: receiving.name, STAND_IN_PORT: String(receiving.receiver.port) },
    NODE_OPTIONS: `--require ${join(folder, 'network.cjs')}`,
    NODE_EXTRA_CA_CERTS: authorities,
    // What a killed host was at work on must come again soon.
    LOCAL_HOST_LEASE_SECONDS: '3',
    LOCAL_HOST_LOG_LEVEL: 'error',
  };
  const start = () =>
    startChild({
      ...{ name: 'The local host', script: join(folder, 'host.cjs'), env },
      args: ['--project', folder, '--port', String(port)],
      readyWhen: (line) => (line.startsWith('{"baseUrl"') ? line : undefined),
    });
  let host = await start();
  return {
    ...{ connectionString: azurite.connectionString, simulator, port },
    restart: async () => {
      host.kill();
      await host.ended;
      host = await start();
    },
    stop: async () => {
      await host.stop();
      await Promise.all([azurite.stop(), simulator.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

function appSettings(simulator: Simulator, connectionString: string): Readonly<Record<string, string>> {
  return {
    AzureWebJobsStorage: connectionString,
    ...standInSettings(simulator),
    AUDITKEEP_SETTLE_SECONDS: '1',
    // Flows that wait a hundredth of what they should call a hundred times as often.
    AUDITKEEP_CALLS_PER_MINUTE: '100000',
  };
}

/** As one plain file: a TypeScript loader takes two seconds at every start. */
async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    ...{ entryPoints: [join(projectFolder, entry)], outfile },
    ...{ bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
}

function bundleNetwork(folder: string): Promise<void> {
  return bundle('test/integration/feed/stand-in-network.ts', join(folder, 'network.cjs'));
}
