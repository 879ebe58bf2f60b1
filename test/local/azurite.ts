/** Starts the Azure Storage emulator for a local run or a test, on free ports and in its own process. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  /** Serves TLS, PEM; then it also takes tokens, whose signature it does not check. */
  readonly certificate?: Certificate;
}

interface Certificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/**
 * Starts Azurite and resolves once blobs, queues and tables are served.
 * @throws {Error} when the folder cannot be created or Azurite ends before it is ready.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const { location, accounts = ['devstoreaccount1'], certificate } = options;
  if (location !== undefined) await mkdir(location, { recursive: true });
  const accountKey = randomBytes(64).toString('base64');
  const emulate = (tls: readonly string[]) => startEmulator({ accountKey, accounts, location, tls });
  const { ready, ended, stop, kill } = await (certificate === undefined
    ? emulate([])
    : withFiles(certificate, emulate));
  const connectionStrings = accounts.map((account) => {
    const endpoints = services.map((service, at) => `${service}Endpoint=${ready[at] ?? ''}/${account}`);
    const access = ['DefaultEndpointsProtocol=http', `AccountName=${account}`, `AccountKey=${accountKey}`];
    return [...access, ...endpoints].join(';');
  });
  return { connectionString: connectionStrings[0] ?? '', connectionStrings, ended, stop, kill };
}

/** It has read its files when it is ready. */
async function withFiles<T>(
  { certificatePem, privateKeyPem }: Certificate,
  start: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  try {
    await Promise.all([writeFile(cert, certificatePem), writeFile(key, privateKeyPem)]);
    return await start(['--cert', cert, '--key', key, '--oauth', 'basic']);
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Emulation {
  readonly accountKey: string;
  readonly accounts: readonly string[];
  readonly location: string | undefined;
  readonly tls: readonly string[];
}

function startEmulator({
  accountKey,
  accounts,
  location,
  tls,
}: Emulation): Promise<Child<readonly string[]>> {
  const addresses: string[] = [];
  return startChild({
    name: 'Azurite',
    script: fileURLToPath(new URL('azurite-main.cjs', import.meta.url)),
    args: [
      ...['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'],
      ...(location === undefined ? ['--inMemoryPersistence'] : ['--location', location]),
      ...['--disableTelemetry', '--skipApiVersionCheck', '--silent'],
      ...tls,
    ],
    env: { AZURITE_ACCOUNTS: accounts.map((account) => `${account}:${accountKey}`).join(';') },
    // Azurite announces blob, queue, and table in this order, each with the port assigned by the system.
    readyWhen: (line) => {
      const address = /successfully listening at (https?:\S+)/.exec(line)?.[1];
      if (address !== undefined) addresses.push(address);
      return addresses.length === services.length ? addresses : undefined;
    },
  });
}
