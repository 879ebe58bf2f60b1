/** Runs a program to its end, without a shell. */
import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Whether it ended with 0. */
  readonly ok: boolean;
  /** Everything it said, without empty lines at the ends. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A program that is not there is one that fails. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    const end = (ok: boolean, reason = '') => {
      resolve({ ok, output: (Buffer.concat(chunks).toString('utf8') + reason).trim() });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    }
    child.once('error', (error) => {
      end(false, error.message);
    });
    child.once('close', (code) => {
      end(code === 0);
    });
  });
}
