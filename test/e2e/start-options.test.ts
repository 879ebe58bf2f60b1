/** The command line of `npm start`: valid options, and errors for invalid ones. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../scripts/command-line/failure.ts';
import { checkOptions, parseOptions } from '../local/options.ts';
import { readRecordsFile } from '../local/records-file.ts';
import { closeServer, listenLocally } from '../support/local-server.ts';

const start = fileURLToPath(new URL('../local/start.ts', import.meta.url));
const tenantId = '7D0C3B9E-52A1-4C57-8C55-0B6A2C1F9E44';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-options-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function writeRecords(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

describe('the options of npm start', () => {
  test('are all optional', () => {
    expect(parseOptions([])).toEqual({
      records: undefined,
      destination: undefined,
      exit: false,
      json: false,
      port: undefined,
      data: undefined,
      live: false,
      tenants: [],
      help: false,
    });
  });

  test('are read from the command line', () => {
    const args = ['--records', 'a.ndjson', '--exit', '--json', '--port', '8080', '--data', 'kept'];
    expect(parseOptions(args)).toMatchObject({
      ...{ records: 'a.ndjson', exit: true, json: true, port: 8080, data: 'kept' },
    });
  });

  test('name each tenant once, in lower case', () => {
    const { tenants } = parseOptions(['--live', '--tenant', tenantId, '--tenant', tenantId.toLowerCase()]);
    expect(tenants).toEqual([tenantId.toLowerCase()]);
  });

  test.each([
    [['--nothing'], /^Unknown option '--nothing'/],
    [['stray'], /^Unexpected argument 'stray'/],
    [['--records'], /^Option '--records/],
    [['--exit=yes'], /^Option '--exit'/],
    [['--port', '0'], /^--port must be a number/],
    [['--port', '65536'], /^--port must be a number/],
    [['--port', 'http'], /^--port must be a number/],
    [['--tenant', tenantId], /^--tenant requires --live/],
    [['--live', '--tenant', 'fabrikam'], /^--tenant must be a tenant ID/],
    [['--destination', 'mysql'], /^--destination must be postgresql/],
    [['--destination', 'postgresql', '--live'], /^--live and --destination cannot be used together/],
    [['--destination', 'postgresql', '--data', 'kept'], /^--data and --destination cannot be used together/],
    [['--live', '--records', 'a.ndjson'], /^--live and --records cannot be used together/],
  ])('are refused with a one-line error: %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
    expect(() => parseOptions(args)).not.toThrow(/\n/);
  });

  test('are refused when the port is in use or the data folder is a file', async () => {
    const server = createServer();
    const port = await listenLocally(server);
    await expect(checkOptions(parseOptions(['--port', String(port)]))).rejects.toThrow(
      `Port ${port} is in use`,
    );
    await closeServer(server);
    await expect(checkOptions(parseOptions(['--port', String(port)]))).resolves.toBeUndefined();
    const file = await writeRecords('file', '');
    await expect(checkOptions(parseOptions(['--data', file]))).rejects.toThrow('is not a folder');
  });
});

describe('a file of records', () => {
  test('is searched for the user with the most SharePoint records', async () => {
    const lines = [
      { Workload: 'SharePoint', UserId: 'ada@contoso.example', CreationTime: '2026-03-04T09:30:00' },
      { Workload: 'Exchange', UserId: 'bo@contoso.example', CreationTime: '2026-03-01T08:00:00' },
      { Workload: 'Exchange', UserId: 'bo@contoso.example' },
      { Workload: 'SharePoint', UserId: 'Cy@contoso.example' },
      { Workload: 'SharePoint', UserId: 'cy@contoso.example' },
      { Workload: 1, UserId: null, Id: 1 },
    ].map((record) => JSON.stringify(record));
    const file = await writeRecords('good.ndjson', `\uFEFF${lines.join('\r\n')}\r\n\r\n`);
    expect(await readRecordsFile(file)).toEqual({
      personOfInterest: 'cy@contoso.example',
      period: { from: new Date('2026-03-01T08:00:00Z'), to: new Date('2026-03-04T09:30:00.001Z') },
    });
  });

  test.each([
    ['text', '{"Id":"1"}\nnot JSON\n', 2],
    ['array', '{"Id":"1"}\n[]\n', 2],
    ['cut', '{"Id":"1"}\n{"Id":"2"}\n{"Id":', 3],
  ])(
    'is refused with an error that names file and line but not the text (%s)',
    async (name, content, line) => {
      const file = await writeRecords(`${name}.ndjson`, content);
      await expect(readRecordsFile(file)).rejects.toThrow(
        new Error(`${file}: line ${line}: this is not a single JSON object`),
      );
    },
  );

  test('is refused when it is missing, empty, or a folder', async () => {
    const missing = join(folder, 'missing.ndjson');
    await expect(readRecordsFile(missing)).rejects.toThrow(`${missing} does not exist`);
    for (const blank of ['', '\n\n\n']) {
      const empty = await writeRecords('empty.ndjson', blank);
      await expect(readRecordsFile(empty)).rejects.toThrow(`${empty} contains no records`);
    }
    await expect(readRecordsFile(folder)).rejects.toThrow(`${folder} is a folder`);
  });
});

describe('npm start', () => {
  test('prints its usage', async () => {
    const { exitCode, output, errors } = await run(['--help']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toContain('--records FILE');
  });

  test('prints a one-line error to standard error and starts nothing', async () => {
    const file = await writeRecords('bad.ndjson', '{"Id":"1"}\n{}}\n');
    const results = await Promise.all([run(['--nothing']), run(['--records', file, '--json'])]);
    expect(results).toEqual([
      { exitCode: 2, output: '', errors: expect.stringMatching(/^Unknown option .*\n$/) as unknown },
      { exitCode: 1, output: '', errors: `${file}: line 2: this is not a single JSON object\n` },
    ]);
  });
});

interface Result {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

async function run(args: readonly string[]): Promise<Result> {
  const child = spawn(process.execPath, ['--import', 'tsx', start, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [exitCode, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, output, errors };
}
