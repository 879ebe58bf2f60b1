/** What happens to everything that a command started when npm is asked to end, for example by a process supervisor. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { markedProcesses, markVariable } from '../support/marked-processes.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** A command of package.json, and a line that it prints once it has started processes. */
interface Command {
  readonly script: string;
  readonly args: readonly string[];
  readonly startedLine: RegExp;
}

const commands: readonly Command[] = [
  { script: 'start', args: ['--destination', 'postgresql'], startedLine: /^Starting Auditkeep/ },
  { script: 'bench', args: ['--only', 'e'], startedLine: /^Starting the storage/ },
  { script: 'test:load', args: ['1000'], startedLine: /records were made/ },
  // Without the report, which belongs to the run that this test is part of.
  {
    script: 'test',
    args: ['test/integration/local/child.test.ts', '--reporter=default'],
    startedLine: /RUN/,
  },
];

function runNpm({ script, args }: Command, mark: string): ChildProcess {
  return spawn('npm', ['run', script, '--', ...args], {
    cwd: project,
    env: { ...process.env, [markVariable]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function whenPrinted(child: ChildProcess, wanted: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) continue;
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        if (wanted.test(line)) resolve();
      });
    }
    child.once('close', () => {
      reject(new Error(`It ended before it printed ${String(wanted)}:\n${lines.join('\n')}`));
    });
  });
}

describe.runIf(process.platform === 'linux').each(commands)('npm run $script', (command) => {
  test('leaves no process behind when npm gets SIGTERM', async () => {
    const mark = randomUUID();
    const child = runNpm(command, mark);
    const closed = once(child, 'exit');
    await whenPrinted(child, command.startedLine);
    child.kill('SIGTERM');
    await closed;
    try {
      await vi.waitFor(async () => {
        expect(await markedProcesses(mark)).toEqual([]);
      }, 20_000);
    } finally {
      for (const id of await markedProcesses(mark)) process.kill(Number(id), 'SIGKILL');
    }
  }, 120_000);
});
