/** Runs a program to its end, without a shell. */
import { execFile, type ExecFileOptions } from 'node:child_process';

export interface CommandResult {
  /** It ended with exit code 0. */
  readonly ok: boolean;
  /** Standard output, then standard error, without empty lines at the ends. */
  readonly output: string;
}

/** A program that does not exist fails as well. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: Pick<ExecFileOptions, 'cwd' | 'env'> = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(file, args, { ...options, maxBuffer: Infinity, encoding: 'utf8' }, (error, stdout, stderr) => {
      const reason = error !== null && typeof error.code === 'string' ? error.message : '';
      resolve({ ok: error === null, output: (stdout + stderr + reason).trim() });
    });
  });
}
