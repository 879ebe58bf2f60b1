/** The deployed app in a local host, over storage that holds the records of one tenant. Nothing in it needs Microsoft. */
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { startHost, type HostProcess } from '../../local/host-process.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { buildApp } from '../../support/built-app.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { contentOf } from './invented-records.ts';
import { startPipeline } from './pipeline.ts';

export interface AppWithRecords {
  readonly host: HostProcess;
  readonly tenantId: string;
  /** Of its storage. */
  readonly connectionString: string;
  /** With all scopes that the tests of records need. */
  readonly apiKey: string;
  /** Of the host, line by line. */
  readonly log: readonly string[];
  readonly stop: () => Promise<void>;
}

export interface AppOptions {
  readonly records: readonly object[];
  /** Requests that the host handles at once, where that is not what is deployed. */
  readonly requestsAtOnce?: number;
}

export async function startAppWithRecords({ records, requestsAtOnce }: AppOptions): Promise<AppWithRecords> {
  const [project, pipeline] = await Promise.all([buildApp(), startPipeline()]);
  if (requestsAtOnce !== undefined) await limitRequests(project, requestsAtOnce);
  const tenantId = await pipeline.addTenant('Contoso');
  const landedAt = new Date('2026-03-21T00:00:00Z');
  await pipeline.deliver(tenantId, [contentOf('all', '2026-03-20T00:00:00Z', records)], landedAt);
  const nowhere = { baseUrl: 'https://127.0.0.1:1', clientId: randomUUID(), clientSecret: 'unused' };
  const env = { AzureWebJobsStorage: pipeline.connectionString, ...simulatorSettings(nowhere) };
  const log: string[] = [];
  const onErrorLine = (line: string) => void log.push(line);
  const host = await startHost({ project, env, script: await bundledHost(), onErrorLine });
  return {
    ...{ host, tenantId, log, apiKey: await pipeline.createKey('*') },
    connectionString: pipeline.connectionString,
    stop: async () => {
      await host.stop();
      await Promise.all([pipeline.stop(), rm(project, { recursive: true })]);
    },
  };
}

const hostSchema = z.looseObject({
  extensions: z.looseObject({ http: z.looseObject({ maxConcurrentRequests: z.number() }) }),
});

async function limitRequests(project: string, atOnce: number): Promise<void> {
  const file = join(project, 'host.json');
  const settings = hostSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  settings.extensions.http.maxConcurrentRequests = atOnce;
  await writeFile(file, JSON.stringify(settings));
}
