/** `npm start` from build to answer, as seen by a new contributor. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { markedProcesses, markVariable } from '../support/marked-processes.ts';
import { findPostgresql, titleWith } from '../support/postgresql/binaries.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

const resultSchema = z.object({
  baseUrl: z.url(),
  apiKey: z.string(),
  tenants: z.array(z.object({ tenantId: z.guid(), displayName: z.string() })).min(1),
  enablements: z.array(z.object({ tenantId: z.guid(), status: z.string(), changes: z.number() })),
  contentBlobs: z.number().positive(),
  recordsDelivered: z.number(),
  recordsDistinct: z.number().positive(),
  recordsLanded: z.number(),
  recordsIndexed: z.number(),
  rejected: z.number(),
  gaps: z.number(),
  destination: z.object({ isCurrent: z.boolean(), records: z.number() }).nullable(),
});

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npm-start-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs to the end; every process that it starts has the mark in its environment. */
async function start(mark: string, args: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/local/start.ts', '--exit', '--json', ...args],
    { cwd: project, env: { ...process.env, [markVariable]: mark }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { output, errors, exitCode };
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

/** The output of a run that lost nothing; it must have left no process behind. */
async function startAndCheck(mark: string, args: readonly string[]) {
  const { output, errors, exitCode } = await start(mark, args);
  expect([exitCode, exitCode === 0 ? '' : errors]).toEqual([0, '']);
  const result = resultSchema.parse(JSON.parse(output));
  expect(result.recordsIndexed).toBe(result.recordsDistinct);
  expect(result).toMatchObject({ rejected: 0, gaps: 0 });
  if (process.platform === 'linux') expect(await markedProcesses(mark)).toEqual([]);
  return { result, errors };
}

/** The cells of the table rows that start with this title, one row per table. */
function rowsOf(title: string, text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.split('│').map((cell) => cell.trim()))
    .filter((cells) => cells[1] === title)
    .map((cells) => cells.slice(2, -1));
}

/** The number of records under each heading that begins like this. */
function countsUnder(beginning: string, text: string): readonly number[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) =>
    line.startsWith(beginning) ? [Number.parseInt(lines[at + 1] ?? '', 10)] : [],
  );
}

const bin = findPostgresql();

describe.skipIf(bin === undefined)(titleWith(bin, 'npm start --destination postgresql'), () => {
  it('has every record in the database, and finds in SQL what the API finds', async () => {
    const args = ['--destination', 'postgresql'];
    const { result, errors } = await startAndCheck(`${process.pid} destination`, args);
    expect(result.destination).toEqual({ isCurrent: true, records: result.recordsIndexed });
    const [byApi, inSql] = ['What did', 'In SQL: What did'].map((text) => countsUnder(text, errors));
    expect(byApi).toEqual([expect.any(Number), expect.any(Number)]);
    expect(Math.min(...(byApi ?? []))).toBeGreaterThan(50);
    expect(inSql).toEqual(byApi);
    const folder = /^\S+psql -h (\S+) -p \d+ -U auditkeep -d audit$/m.exec(errors)?.[1] ?? '';
    expect([folder, existsSync(folder)]).toEqual([expect.stringMatching(/^\/tmp\/./), false]);
  }, 300_000);
});

describe('npm start', () => {
  it('turns auditing on for the demo tenants, then collects and indexes everything', async () => {
    const { result, errors } = await startAndCheck(`${process.pid} demo`, []);
    const ids = result.tenants.map(({ tenantId }) => tenantId);
    expect(ids).toHaveLength(3);
    expect(result.enablements.map(({ tenantId }) => tenantId)).toEqual(ids);
    for (const { status, changes } of result.enablements) {
      expect(status).toBe('Succeeded');
      expect(changes).toBeGreaterThan(5);
    }
    for (const { displayName } of result.tenants) {
      expect(errors).toMatch(new RegExp(`^${displayName} is registered as \\S+: PendingConsent$`, 'm'));
    }
    expect(errors.match(/opened the link and consented$/gm)).toHaveLength(3);
    expect(rowsOf('Unified audit log', errors)).toEqual(ids.map(() => ['Succeeded', 'off', 'on', '1']));
    // A poll in between starts some of them itself.
    expect(rowsOf('Subscriptions', errors).map(([, , after]) => after)).toEqual(ids.map(() => '5'));
    expect(errors.match(/^No problems remain\.$/gm)).toHaveLength(3);
    for (const { displayName } of result.tenants)
      expect(rowsOf(displayName, errors)).toEqual([['on', 'none']]);
  }, 300_000);

  it('collects and indexes a whole file of records, whose tenant has already consented', async () => {
    const file = join(folder, 'records.ndjson');
    const lines = Array.from({ length: 500 }, (_, number) => inventedRecord(number));
    await writeFile(file, `${lines.join('\n')}\n`);
    const { result, errors } = await startAndCheck(`${process.pid} records`, ['--records', file]);
    expect(result).toMatchObject({ recordsDistinct: 500, enablements: [], destination: null });
    expect(errors).toMatch(/ is registered as \S+: Active$/m);
  }, 300_000);
});
