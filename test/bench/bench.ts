/** What all parts of the benchmark share: feed, storage, and processes to measure. */
import { randomBytes } from 'node:crypto';
import { createKey } from '../../scripts/key/create-key.ts';
import { build } from '../local/build.ts';
import { startHost, type HostProcess } from '../local/host-process.ts';
import { startStorage } from '../local/storage.ts';
import type { Processes } from '../local/processes.ts';
import { startCountingProxy, type CountingProxy } from './counting-proxy.ts';
import { createEmulator, type Emulator } from './emulator.ts';
import { startFeed, type FeedProcess } from './feed.ts';
import { bundleProgram, startWorker, type Worker } from './worker.ts';

/** Storage as a measured process sees it: the emulator itself, or the proxy that counts. */
export type Route = 'direct' | 'counted';

/** The app, answering over HTTP. */
export type App = Pick<HostProcess, 'baseUrl'>;

export interface Bench {
  readonly feed: FeedProcess;
  readonly emulator: Emulator;
  readonly wire: CountingProxy;
  /** Of the emulator, without the proxy that counts. */
  readonly connectionString: string;
  /** Runs work with a new process, which ends afterwards. */
  readonly withWorker: <T>(route: Route, work: (worker: Worker) => Promise<T>) => Promise<T>;
  /** Runs work with the built app in the local host, which ends afterwards. */
  readonly withApp: <T>(work: (app: App) => Promise<T>) => Promise<T>;
  /** A new key for one tenant. */
  readonly createKey: (tenantId: string) => Promise<string>;
  /** Whether growth goes on to 320,000 records. */
  readonly large: boolean;
  /** Reports progress to people. */
  readonly say: (line: string) => void;
}

export interface BenchOptions {
  readonly processes: Processes;
  readonly profile: string | undefined;
  readonly large: boolean;
  readonly say: (line: string) => void;
}

export async function withBench<T>(options: BenchOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
  const { processes, profile, large, say } = options;
  say('Starting the storage emulator and the Microsoft 365 simulator');
  const { connectionString } = await processes.start(() => startStorage());
  const feed = await processes.start(startFeed);
  const [wire, program] = await Promise.all([startCountingProxy(connectionString), bundleProgram()]);
  const environment = (route: Route) => ({
    ...feed.env,
    ...settings,
    AzureWebJobsStorage: route === 'direct' ? connectionString : wire.connectionString,
  });
  const emulator = createEmulator(connectionString);
  await emulator.clear();
  try {
    return await work({
      ...{ feed, emulator, wire, connectionString, large, say },
      createKey: (tenants) =>
        createKey({
          storage: { kind: 'connectionString', connectionString },
          name: 'benchmark',
          tenants,
          scopes: ['records.read'],
        }),
      withApp: async (measure) => {
        await build();
        const host = await startHost({ env: environment('direct') });
        return await measure(host).finally(host.stop);
      },
      withWorker: async (route, measure) => {
        const worker = startWorker({ program, env: environment(route), profile });
        return await measure(worker).finally(worker.stop);
      },
    });
  } finally {
    await wire.stop();
  }
}

const settings: Readonly<Record<string, string>> = {
  AUDITKEEP_SIGNING_KEY: randomBytes(32).toString('base64'),
  // Microsoft's limit is not what is measured.
  AUDITKEEP_REQUESTS_PER_MINUTE: '60000',
  // Nor are ours: a quick machine makes more calls in a minute than they allow.
  AUDITKEEP_CALLS_PER_MINUTE: '1000000',
};
