/** Builds the fixture app and runs it in a local host against its own storage account. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { QueueServiceClient } from '@azure/storage-queue';
import * as z from 'zod';
import { type HostProcess, startHost } from '../../local/host-process.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { openStorage } from '../../support/run/storage.ts';

const sources = fileURLToPath(new URL('fixture-app/', import.meta.url));

const stateSchema = z.object({
  attempts: z.record(z.string(), z.number()),
  timerRuns: z.object({ started: z.number(), running: z.number(), mostAtOnce: z.number() }),
  waiting: z.number(),
});

export interface Fixture {
  readonly queues: QueueServiceClient;
  /** Starts another host; the caller stops it. */
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<HostProcess>;
  readonly dispose: () => Promise<void>;
}

export async function createFixture(): Promise<Fixture> {
  const project = await buildProject();
  const [storage, script] = await Promise.all([openStorage(), bundledHost()]);
  const settings = { AzureWebJobsStorage: storage.connectionString, FIXTURE_QUEUE: 'work-items' };
  return {
    queues: QueueServiceClient.fromConnectionString(storage.connectionString),
    start: (env = {}) => startHost({ project, script, env: { ...settings, ...env } }),
    dispose: async () => {
      await storage.close();
      await rm(project, { recursive: true });
    },
  };
}

async function buildProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'fixture-app-'));
  await build({
    entryPoints: [join(sources, 'main.ts')],
    outfile: join(project, 'dist/main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
  });
  await cp(join(sources, 'host.json'), join(project, 'host.json'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ main: 'dist/main.cjs' }));
  return project;
}

export async function readState(host: HostProcess): Promise<z.infer<typeof stateSchema>> {
  return stateSchema.parse(await (await fetch(`${host.baseUrl}/api/state`)).json());
}

/** Lets every waiting invocation continue. */
export async function release(host: HostProcess): Promise<void> {
  await fetch(`${host.baseUrl}/api/release`, { method: 'POST' });
}

export async function send(fixture: Fixture, text: string): Promise<void> {
  const queue = fixture.queues.getQueueClient('work-items');
  await queue.createIfNotExists();
  await queue.sendMessage(Buffer.from(text).toString('base64'));
}

/** The number of messages in a queue, hidden ones included; 0 if the queue does not exist. */
export async function countMessages(fixture: Fixture, name: string): Promise<number> {
  const queue = fixture.queues.getQueueClient(name);
  if (!(await queue.exists())) return 0;
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}
