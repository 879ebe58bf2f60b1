/** A part of the app whose file is missing fails alone: the host runs, and the part is there as soon as its file is. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHost, type HostProcess } from '../../local/host-process.ts';
import { buildApp } from '../../support/built-app.ts';
import { settings } from '../../support/registered.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { openStorage } from '../../support/run/storage.ts';

let project: string;
let storage: Awaited<ReturnType<typeof openStorage>>;
let host: HostProcess;
const lines: string[] = [];

beforeAll(async () => {
  [project, storage] = [await buildApp(), await openStorage()];
  const env = { ...settings, AzureWebJobsStorage: storage.connectionString };
  const onErrorLine = (line: string) => void lines.push(line);
  host = await startHost({ project, env, script: await bundledHost(), onErrorLine });
});

afterAll(async () => {
  await host.stop();
  await storage.close();
  await rm(project, { recursive: true });
});

it('a missing part fails with the name of its file, and is loaded once that is there', async () => {
  const ask = async (path: string) => (await fetch(`${host.baseUrl}/api/${path}`)).status;
  const [chunks, elsewhere] = [join(project, 'chunks'), join(project, 'elsewhere')];
  await rename(chunks, elsewhere);
  expect([await ask('openapi.json'), await ask('health')]).toEqual([500, 200]);
  await expect.poll(() => lines.join('\n')).toMatch(/A part of the app cannot be loaded: .*openapi-\w+\.mjs/);
  await rename(elsewhere, chunks);
  expect(await ask('openapi.json')).toBe(200);
});
