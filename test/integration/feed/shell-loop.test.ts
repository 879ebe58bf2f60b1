/** The loop of docs/triggers.md, run by the system's shell against scripted answers. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFolder } from '../../local/child.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';

const run = promisify(execFile);
const asked: string[] = [];
const answers: readonly ((response: ServerResponse, origin: string) => void)[] = [
  (response, origin) => response.writeHead(202, { Location: `${origin}/a`, 'Retry-After': '60' }).end(),
  (response) => response.writeHead(401).end('{"error":{"code":"Unauthorized"}}'),
  (response) => response.writeHead(429, { 'Retry-After': '7' }).end('{"error":{"code":"TooManyRequests"}}'),
  (response) => response.destroy(),
  (response, origin) =>
    response
      .writeHead(200, { location: `${origin}/lost`, 'content-length': 100 })
      .write('{"value":[{"id":1}', () => response.destroy()),
  (response, origin) =>
    response
      .writeHead(200, { location: `${origin}/b`, 'retry-after': '1' })
      .end('{"value":[{"id":1},{"id":2}]}'),
];

const server = createServer(({ url = '' }, response) => {
  const answer = answers[asked.push(url) - 1];
  answer?.(response, origin);
});
let origin: string;
let folder: string;

beforeAll(async () => {
  origin = `http://127.0.0.1:${await listenLocally(server)}`;
  folder = await mkdtemp(join(tmpdir(), 'shell-loop-'));
});

afterAll(async () => {
  await closeServer(server);
  await rm(folder, { recursive: true });
});

/** Does not sleep, and ends the loop when every answer was given. */
const sleep = `sleep() { echo "$1" >> slept; [ "$(wc -l < slept)" -lt ${answers.length} ] || exit 0; }`;

it('keeps its place, says what is wrong, and waits when an answer has no Location', async ({ skip }) => {
  const tools = await run('sh', ['-c', 'command -v curl && command -v jq']).catch(() => undefined);
  skip(tools === undefined, 'There is no curl or no jq: the loop of docs/triggers.md was not run.');
  const page = await readFile(join(projectFolder, 'docs', 'triggers.md'), 'utf8');
  const loop = /^```sh\n(.*?while.*?)^```/ms.exec(page)?.[1] ?? '';
  const script = `${sleep}\n${loop.replace('https://audit.example', origin)}`;
  const env = { ...process.env, KEY: 'ak_1', TENANT: 't', NO_PROXY: '*' };
  const { stdout, stderr } = await run('sh', ['-c', script], { cwd: folder, env, timeout: 30_000 });
  expect(asked.map((url) => url.replace(/\?.*/, ''))).toEqual([
    ...['/api/tenants/t/records-feed', '/a', '/a', '/a', '/a', '/a'],
  ]);
  expect(stdout).toBe('{"id":1}\n{"id":2}\n');
  expect(stderr).toMatch(
    /401: .*Unauthorized[^]*429: .*TooManyRequests[^]*broken off, 000[^]*broken off, 200/,
  );
  expect((await readFile(join(folder, 'slept'), 'utf8')).split('\n')).toEqual([
    '60',
    '60',
    '7',
    '60',
    '60',
    '1',
    '',
  ]);
}, 60_000);
