/** Starts the Azure Storage emulator for a local run or a test, on free ports and in its own process. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';

const services = ['Blob', 'Queue', 'Table'] as const;

export interface Azurite {
  /** For `AzureWebJobsStorage`. Plain HTTP: @azure/data-tables also needs `allowInsecureConnection`. */
  readonly connectionString: string;
  /** One per account, in order; {@link connectionString} is the first. */
  readonly connectionStrings: readonly string[];
  /** Resolves with one line saying how it ended, once it has ended for any reason. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

export interface AzuriteOptions {
  /** Folder that keeps the data between runs; without it, everything is in memory. */
  readonly location?: string;
  /** Names of storage accounts, which are isolated from each other. @default one */
  readonly accounts?: readonly string[];
}

/**
 * Starts Azurite and resolves once blobs, queues and tables are served.
 * @throws {Error} when the folder cannot be created or Azurite ends before it is ready.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const { location, accounts = ['devstoreaccount1'] } = options;
  if (location !== undefined) await mkdir(location, { recursive: true });
  const accountKey = randomBytes(64).toString('base64');
  const { ready, ended, stop, kill } = await startEmulator({ accountKey, accounts, location });
  const connectionStrings = accounts.map((account) => {
    const endpoints = services.map((service, at) => `${service}Endpoint=${ready[at] ?? ''}/${account}`);
    const access = ['DefaultEndpointsProtocol=http', `AccountName=${account}`, `AccountKey=${accountKey}`];
    return [...access, ...endpoints].join(';');
  });
  return { connectionString: connectionStrings[0] ?? '', connectionStrings, ended, stop, kill };
}

interface Emulation {
  readonly accountKey: string;
  readonly accounts: readonly string[];
  readonly location: string | undefined;
}

function startEmulator({ accountKey, accounts, location }: Emulation): Promise<Child<readonly string[]>> {
  const addresses: string[] = [];
  return startChild({
    name: 'Azurite',
    script: fileURLToPath(new URL('azurite-main.cjs', import.meta.url)),
    args: [
      ...['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'],
      ...(location === undefined ? ['--inMemoryPersistence'] : ['--location', location]),
      ...['--disableTelemetry', '--skipApiVersionCheck', '--silent'],
    ],
    env: { AZURITE_ACCOUNTS: accounts.map((account) => `${account}:${accountKey}`).join(';') },
    // Azurite announces blob, queue, and table in this order, each with the port assigned by the system.
    readyWhen: (line) => {
      const address = /successfully listening at (http:\S+)/.exec(line)?.[1];
      if (address !== undefined) addresses.push(address);
      return addresses.length === services.length ? addresses : undefined;
    },
  });
}
