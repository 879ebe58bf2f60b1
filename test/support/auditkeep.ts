/** Runs `auditkeep` in this process: an empty environment, no sign-in, and no time passes. */
import type { World } from '../../scripts/command-line/context.ts';
import { run } from '../../scripts/command-line/run.ts';

export interface Ran {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Standard error is a terminal unless `world` says otherwise. */
export async function runAuditkeep(args: readonly string[], world: Partial<World> = {}): Promise<Ran> {
  let [output, errors] = ['', ''];
  const exitCode = await run(args, {
    env: {},
    settingsFile: 'no.such.file',
    writeOutput: (text) => (output += text),
    writeError: (text) => (errors += text),
    isInteractive: true,
    now: () => new Date(),
    pause: () => Promise.resolve(),
    onInterrupt: () => () => undefined,
    retryBaseMs: 0,
    ...world,
  });
  return { exitCode, output, errors };
}
