/** The lines of docs/exports.md, run with the system's curl against the deployed app. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { projectFolder } from '../../local/child.ts';
import { startAppWithRecords, type AppWithRecords } from '../pipeline/app-with-records.ts';
import { recordOf } from '../pipeline/invented-records.ts';

const run = promisify(execFile);

const records = Array.from({ length: 200 }, (_, at) =>
  recordOf(`curl ${at}`, { UserId: at % 2 === 0 ? 'ada@contoso.example' : 'cy@contoso.example' }),
);

let app: AppWithRecords;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'curl-'));
  app = await startAppWithRecords({ records });
});

afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

const hasCurl = () =>
  run('curl', ['--version']).then(
    () => true,
    () => false,
  );

/** The commands of the page, unchanged. */
async function commandsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(projectFolder, 'docs', page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    [...block.matchAll(/^curl (?:.*\\\n)*.*$/gm)].map(([command]) => command),
  );
}

/** In the folder, as someone would run it who set KEY, TENANT, and ID. @returns standard output */
async function shell(command: string, id = ''): Promise<string> {
  const env = { ...process.env, KEY: app.apiKey, TENANT: app.tenantId, ID: id, NO_PROXY: '*' };
  const local = command.replaceAll('https://audit.example', app.host.baseUrl);
  return (await run('sh', ['-c', local], { cwd: folder, env })).stdout;
}

async function whenExported(id: string): Promise<void> {
  const url = `${app.host.baseUrl}/api/tenants/${app.tenantId}/exports/${id}`;
  await vi.waitFor(
    async () => {
      const asked = await fetch(url, { headers: { 'x-api-key': app.apiKey } });
      expect(await asked.json()).toMatchObject({ status: 'Succeeded', recordCount: 100 });
    },
    { timeout: 45_000, interval: 200 },
  );
}

it('start an export, download it, resume the download, and stream records', async ({ skip }) => {
  skip(!(await hasCurl()), 'There is no curl: the lines of docs/exports.md were not run.');
  const [start = '', download = '', several = '', stream = '', ...others] = await commandsOf('exports.md');
  expect(others).toEqual([]);
  const { id } = z.object({ id: z.string() }).parse(JSON.parse(await shell(start)));
  await whenExported(id);

  await shell(download, id);
  const file = join(folder, 'records.csv');
  const whole = await readFile(file);
  const rows: readonly string[][] = parse(whole);
  expect(new Set(rows.slice(1).map(([recordId]) => recordId))).toEqual(
    new Set(records.filter((_, at) => at % 2 === 0).map(({ Id }) => Id)),
  );

  await truncate(file, Math.floor(whole.length / 2));
  await shell(download, id);
  expect(await readFile(file)).toEqual(whole);
  // Nothing is left to download: that may be an error to curl, but the file stays as it is.
  await shell(download, id).catch((error: unknown) => {
    expect(String(error)).toContain('416');
  });
  expect(await readFile(file)).toEqual(whole);

  const bundle: unknown = JSON.parse(await shell(several));
  expect(bundle).toMatchObject({ tenants: '*', layout: 'oneFile', tenantCount: 1 });

  await shell(stream);
  expect(parse(await readFile(join(folder, 'ada.csv')))).toHaveLength(101);
});
