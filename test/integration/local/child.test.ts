/** Starting and stopping the processes of a local run. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { projectFolder, startChild } from '../../local/child.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function writeScript(name: string, code: string): Promise<string> {
  const script = join(folder, name);
  await writeFile(script, code);
  return script;
}

const readPid = (line: string): number | undefined =>
  line.startsWith('pid ') ? Number(line.slice(4)) : undefined;

const idle = "console.log('pid ' + process.pid); setInterval(() => undefined, 1000);";

describe('a child process', () => {
  test('that ends before it is ready reports why', async () => {
    const script = await writeScript('early.mjs', "throw new TypeError('no disk');");
    await expect(startChild({ name: 'Early', script, readyWhen: readPid })).rejects.toThrow(
      'Early did not start (exit code 1): no disk',
    );
  });

  test('ends on request', async () => {
    const script = await writeScript('idle.mjs', idle);
    const child = await startChild({ name: 'Idle', script, readyWhen: readPid });
    expect(isAlive(child.ready)).toBe(true);
    await child.stop();
    expect(isAlive(child.ready)).toBe(false);
    expect(await child.ended).toBe('Idle ended (signal SIGTERM)');
  });

  test('that is written in TypeScript names its own lines when it fails', async () => {
    const code = `interface Late { message: string }\n\nconst late: Late = { message: 'late' };
console.log('pid ' + process.pid);
setTimeout(() => { throw new Error(late.message); }, 1);`;
    const script = await writeScript('late.mts', code);
    const lines: string[] = [];
    const onErrorLine = (line: string) => lines.push(line);
    const child = await startChild({ name: 'Late', script, readyWhen: readPid, onErrorLine });
    expect(await child.ended).toBe('Late ended (exit code 1)');
    expect(lines.join('\n')).toContain('late.mts:5:');
  });

  test('ends when its parent is killed', async () => {
    const grandchild = await writeScript('grandchild.mjs', idle);
    const childModule = join(projectFolder, 'test/local/child.ts');
    const parent = await writeScript(
      'parent.mts',
      `import { startChild } from ${JSON.stringify(childModule)};
       const readyWhen = (line: string) => line;
       const { ready } = await startChild({ name: 'Grandchild', script: ${JSON.stringify(grandchild)}, readyWhen });
       console.log(ready);`,
    );
    const child = await startChild({ name: 'Parent', script: parent, readyWhen: readPid });
    expect(isAlive(child.ready)).toBe(true);
    child.kill();
    await vi.waitFor(() => {
      expect(isAlive(child.ready)).toBe(false);
    }, 10_000);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
