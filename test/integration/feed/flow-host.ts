/** What is deployed, in local hosts that can be killed, over the storage emulator and the Microsoft 365 simulator. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import getPort from 'get-port';
import { projectFolder, startChild } from '../../local/child.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { buildApp } from '../../support/built-app.ts';
import { bundledHost, bundleScript } from '../../support/run/bundle.ts';
import { openStorage } from '../../support/run/storage.ts';
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
  const [script, network, storage, simulator] = await Promise.all([
    bundledHost(),
    bundleScript(join(projectFolder, 'test/integration/feed/stand-in-network.ts')),
    openStorage(),
    startSimulator({ tenants: [], caFile: join(folder, 'simulator.pem') }),
  ]);
  const port = await getPort({ host: '127.0.0.1' });
  const authorities = join(folder, 'authorities.pem');
  await writeFile(authorities, `${simulator.caPem}\n${receiving.receiver.ca}`);
  const env = {
    ...appSettings(simulator, storage.connectionString),
    ...{ STAND_IN_NAME: receiving.name, STAND_IN_PORT: String(receiving.receiver.port) },
    NODE_OPTIONS: `--import ${pathToFileURL(network).href}`,
    NODE_EXTRA_CA_CERTS: authorities,
    // The message of a killed host must be redelivered soon.
    LOCAL_HOST_LEASE_SECONDS: '3',
    LOCAL_HOST_LOG_LEVEL: 'error',
  };
  const start = () =>
    startChild({
      ...{ name: 'The local host', script, env },
      args: ['--project', folder, '--port', String(port)],
      readyWhen: (line) => (line.startsWith('{"baseUrl"') ? line : undefined),
    });
  let host = await start();
  return {
    ...{ connectionString: storage.connectionString, simulator, port },
    restart: async () => {
      host.kill();
      await host.ended;
      host = await start();
    },
    stop: async () => {
      await host.stop();
      await Promise.all([storage.close(), simulator.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

function appSettings(simulator: Simulator, connectionString: string): Readonly<Record<string, string>> {
  return {
    AzureWebJobsStorage: connectionString,
    ...simulatorSettings(simulator),
    AUDITKEEP_SETTLE_SECONDS: '1',
    // Flows that wait a hundredth of what they should call a hundred times as often.
    AUDITKEEP_CALLS_PER_MINUTE: '100000',
  };
}
