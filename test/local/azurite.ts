/** Starts the Azure Storage emulator for a local run or a test, on free ports and in its own process. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Child, startChild } from './child.ts';

const ACCOUNT = 'devstoreaccount1';
const services = ['Blob', 'Queue', 'Table'] as const;

export interface Azurite {
  /** For `AzureWebJobsStorage`. Plain HTTP: @azure/data-tables also wants `allowInsecureConnection`. */
  readonly connectionString: string;
  /** Resolves with one line saying how it ended, once it has ended for whatever reason. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

/**
 * Starts Azurite and resolves once blobs, queues and tables are served.
 * @param location folder that keeps the data between runs; without it everything is in memory.
 * @throws {Error} when the folder cannot be made or Azurite ends before it is ready.
 */
export async function startAzurite({ location }: { readonly location?: string } = {}): Promise<Azurite> {
  if (location !== undefined) await mkdir(location, { recursive: true });
  const accountKey = randomBytes(64).toString('base64');
  const azurite = await startEmulator(accountKey, location);
  const endpoints = services.map((service, at) => `${service}Endpoint=${azurite.ready[at] ?? ''}/${ACCOUNT}`);
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${ACCOUNT}`,
      `AccountKey=${accountKey}`,
      ...endpoints,
    ].join(';'),
    ended: azurite.ended,
    stop: azurite.stop,
    kill: azurite.kill,
  };
}

function startEmulator(accountKey: string, location?: string): Promise<Child<readonly string[]>> {
  const addresses: string[] = [];
  return startChild({
    name: 'Azurite',
    script: createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'),
    args: [
      ...['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'],
      ...(location === undefined ? ['--inMemoryPersistence'] : ['--location', location]),
      ...['--disableTelemetry', '--skipApiVersionCheck', '--silent'],
    ],
    env: { AZURITE_ACCOUNTS: `${ACCOUNT}:${accountKey}` },
    // It announces blob, queue and table in this order, each with the port the system gave it.
    readyWhen: (line) => {
      const address = /successfully listening at (http:\S+)/.exec(line)?.[1];
      if (address !== undefined) addresses.push(address);
      return addresses.length === services.length ? addresses : undefined;
    },
  });
}
