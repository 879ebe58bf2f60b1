/** Runs the command as its users do: as a process with settings, two streams, an exit code and Ctrl-C. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../../local/child.ts';
import { bundleScript } from '../../support/run/bundle.ts';

const script = fileURLToPath(new URL('../../../scripts/auditkeep.ts', import.meta.url));

export interface CommandSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface CommandProcess {
  /** Everything, once it has ended. */
  readonly ended: Promise<{
    readonly exitCode: number | null;
    readonly output: string;
    readonly errors: string;
  }>;
  /** What the pattern finds in standard error, as soon as it does. @throws Error when the command ends before */
  readonly said: (pattern: RegExp) => Promise<string>;
  readonly pressCtrlC: () => void;
}

export async function startCommand(
  { baseUrl, apiKey }: CommandSettings,
  args: readonly string[],
): Promise<CommandProcess> {
  const child = spawn(process.execPath, [await bundleScript(script), 'tenant', ...args], {
    cwd: projectFolder,
    env: { ...process.env, AUDITKEEP_URL: baseUrl, AUDITKEEP_KEY: apiKey },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
    for (const listen of listeners) listen();
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = Promise.all([closed, text(child.stdout)]).then(([exitCode, output]) => ({
    exitCode,
    output,
    errors,
  }));
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const [found] = pattern.exec(errors) ?? [];
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void ended.then(() => {
        reject(new Error(`The command ended without saying ${pattern.source}: ${errors}`));
      });
    });
  return { ended, said, pressCtrlC: () => void child.kill('SIGINT') };
}

export async function runCommand(
  settings: CommandSettings,
  args: readonly string[],
): CommandProcess['ended'] {
  return (await startCommand(settings, args)).ended;
}
