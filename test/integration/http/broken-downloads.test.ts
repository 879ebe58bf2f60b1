/** Downloads that a client breaks off, through the whole app: they keep no one waiting, and do not count as failures. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { startHost, type HostProcess } from '../../local/host-process.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { buildApp } from '../../support/built-app.ts';
import { expectDescribedResponse } from '../../support/described.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { contentOf, recordOf } from '../pipeline/invented-records.ts';
import { startPipeline, type Pipeline } from '../pipeline/pipeline.ts';

/** So few that a single one that is not given back is noticed soon. */
const requestsAtOnce = 2;
/** Far more than all connections on the way can hold. */
const records = Array.from({ length: 300 }, (_, at) =>
  recordOf(`large ${at}`, { filler: 'x'.repeat(100_000) }),
);

let project: string;
let pipeline: Pipeline;
let host: HostProcess;
let tenant: string;
let headers: Readonly<Record<string, string>>;
const log: string[] = [];

const hostSchema = z.looseObject({
  extensions: z.looseObject({ http: z.looseObject({ maxConcurrentRequests: z.number() }) }),
});

async function limitRequests(): Promise<void> {
  const file = join(project, 'host.json');
  const settings = hostSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  settings.extensions.http.maxConcurrentRequests = requestsAtOnce;
  await writeFile(file, JSON.stringify(settings));
}

beforeAll(async () => {
  [project, pipeline] = await Promise.all([buildApp(), startPipeline()]);
  await limitRequests();
  const tenantId = await pipeline.addTenant('Contoso');
  const contents = [contentOf('large', '2026-03-01T10:00:00Z', records)];
  await pipeline.deliver(tenantId, contents, new Date('2026-03-01T11:00:00Z'));
  const env = {
    AzureWebJobsStorage: pipeline.connectionString,
    // Nothing here needs Microsoft.
    ...simulatorSettings({ baseUrl: 'https://127.0.0.1:1', clientId: randomUUID(), clientSecret: 'unused' }),
  };
  host = await startHost({
    ...{ project, env, script: await bundledHost() },
    onErrorLine: (line) => log.push(line),
  });
  tenant = `${host.baseUrl}/api/tenants/${tenantId}`;
  headers = { 'x-api-key': await pipeline.createKey('*'), 'content-type': 'application/json' };
});

afterAll(async () => {
  await host.stop();
  await Promise.all([pipeline.stop(), rm(project, { recursive: true })]);
});

/** Its content, when it is ready. */
async function exported(): Promise<string> {
  const begun = await fetch(`${tenant}/exports`, { method: 'POST', headers, body: '{"format":"ndjson"}' });
  await expectDescribedResponse('POST', begun);
  const { id } = z.object({ id: z.string() }).parse(await begun.json());
  await vi.waitFor(
    async () => {
      const asked = await fetch(`${tenant}/exports/${id}`, { headers });
      expect(await asked.json()).toMatchObject({ status: 'Succeeded', recordCount: records.length });
    },
    { timeout: 45_000, interval: 200 },
  );
  return `${tenant}/exports/${id}/content`;
}

async function breakOff(url: string, more: Readonly<Record<string, string>>): Promise<void> {
  const asked = get(url, { headers: { ...headers, ...more } });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe('range' in more ? 206 : 200);
  await once(response, 'data');
  response.destroy();
  await once(response, 'close');
  expect(response.complete).toBe(false);
}

it('keep no one waiting and do not count as failures: exports, parts of them, streams of records', async () => {
  const content = await exported();
  for (let times = 0; times <= requestsAtOnce; times++) {
    await breakOff(content, {});
    await breakOff(content, { range: 'bytes=1000000-' });
    await breakOff(`${tenant}/records-stream`, {});
    const next = await fetch(`${tenant}/records?top=1`, { headers });
    await expectDescribedResponse('GET', next);
    expect(await next.json()).toMatchObject({ value: [{ operation: 'FileAccessed' }] });
  }
  await vi.waitFor(
    async () => {
      expect(await host.status()).toMatchObject({ idle: true });
    },
    {
      timeout: 20_000,
    },
  );
  const ended = (name: string) => log.filter((line) => line.includes(` ${name} succeeded `));
  expect(ended('get-export-content')).toHaveLength(2 * (requestsAtOnce + 1));
  expect(ended('stream-records')).toHaveLength(requestsAtOnce + 1);
  expect(log.filter((line) => / (error|critical) |failed/i.test(line))).toEqual([]);
});
