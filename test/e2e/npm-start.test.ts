/** What `npm start` does, from build to answer, as somebody sees it who just cloned the project. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const project = fileURLToPath(new URL('../../', import.meta.url));

const resultSchema = z.object({
  baseUrl: z.url(),
  apiKey: z.string(),
  tenants: z.array(z.object({ tenantId: z.guid(), displayName: z.string() })).min(1),
  contentBlobs: z.number().positive(),
  recordsDelivered: z.number(),
  recordsDistinct: z.number().positive(),
  recordsLanded: z.number(),
  recordsIndexed: z.number(),
  rejected: z.number(),
  gaps: z.number(),
});

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npm-start-'));
  await promisify(execFile)(process.execPath, ['build.mjs'], { cwd: project });
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs to the end; every process it starts carries the mark in its environment. */
async function start(mark: string, args: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/local/start.ts', '--exit', '--json', ...args],
    { cwd: project, env: { ...process.env, START_TEST_MARK: mark }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { output, errors, exitCode };
}

/** Processes that were started with the mark and are still there. */
async function leftOvers(mark: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    ids.map(async (id) => {
      // A process that ended meanwhile or is somebody else's cannot be read.
      const environment = await readFile(join('/proc', id, 'environ'), 'utf8').catch(() => '');
      return environment.split('\0').includes(`START_TEST_MARK=${mark}`) ? [id] : [];
    }),
  );
  return marked.flat();
}

function inventedRecord(number: number): string {
  const minute = String(number % 60).padStart(2, '0');
  return JSON.stringify({
    ...{
      CreationTime: `2026-03-0${1 + (number % 5)}T09:${minute}:07`,
      RecordType: 6,
      Workload: 'SharePoint',
    },
    Id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    ...{ Operation: 'FileAccessed', UserId: `user${number % 7}@contoso.example`, UserType: 0, Version: 1 },
    ...{ ObjectId: `https://contoso.example/sites/x/${number}.docx`, ClientIP: '192.0.2.1' },
  });
}

describe('npm start', () => {
  it.each([
    ['the demo', undefined],
    ['a file of records', 500],
  ])(
    'collects and indexes everything of %s, says so, and leaves no process behind',
    async (name, count) => {
      const file = join(folder, 'records.ndjson');
      const lines = Array.from({ length: count ?? 0 }, (_, number) => inventedRecord(number));
      await writeFile(file, `${lines.join('\n')}\n`);
      const mark = `${process.pid} ${name}`;
      const { output, errors, exitCode } = await start(mark, count === undefined ? [] : ['--records', file]);
      expect([exitCode, exitCode === 0 ? '' : errors]).toEqual([0, '']);
      const result = resultSchema.parse(JSON.parse(output));
      expect(result.recordsIndexed).toBe(result.recordsDistinct);
      expect(result).toMatchObject({ rejected: 0, gaps: 0 });
      if (count !== undefined) expect(result.recordsDistinct).toBe(count);
      if (process.platform === 'linux') expect(await leftOvers(mark)).toEqual([]);
    },
    300_000,
  );
});
