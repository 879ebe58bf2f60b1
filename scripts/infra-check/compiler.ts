/** Finds the Bicep compiler: installed in the right version, restored with the .NET SDK, or installed in another. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { compilerVersion, executable, restoreCompiler } from './restore-compiler.ts';
import { runCommand, type CommandResult } from './run-command.ts';

/** Runs the compiler in a folder. */
export type Compiler = (
  args: readonly string[],
  where?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
) => Promise<CommandResult>;

export interface FoundCompiler {
  readonly run: Compiler;
  /** Where it was found. */
  readonly source: string;
  /** Such as 0.49.2. */
  readonly version: string;
}

/**
 * Undefined when this machine has no compiler, and no way to restore one.
 * @throws Error when the one that BICEP names does not run, or the restore fails
 */
export async function findCompiler(): Promise<FoundCompiler | undefined> {
  const named = process.env['BICEP'];
  if (named !== undefined && named !== '') {
    const found = await tryCompiler(`BICEP=${named}`, named);
    if (found === undefined) throw new Error(`BICEP=${named} does not run as a Bicep compiler.`);
    return found;
  }
  const installed = [await tryCompiler('bicep', 'bicep'), await tryCompiler('az bicep', azureCliCompiler())];
  const known = installed.filter((found) => found !== undefined);
  // Another version than that of the snapshots may give other results, so it is the last resort.
  return known.find(({ version }) => version === compilerVersion) ?? (await tryRestored()) ?? known[0];
}

/** The Azure CLI's own commands lack `snapshot`, so the compiler that it downloaded is run directly. */
function azureCliCompiler(): string {
  return join(process.env['AZURE_CONFIG_DIR'] ?? join(homedir(), '.azure'), 'bin', executable);
}

async function tryRestored(): Promise<FoundCompiler | undefined> {
  const file = await restoreCompiler();
  return file === undefined ? undefined : await tryCompiler('restored with the .NET SDK', file);
}

async function tryCompiler(source: string, file: string): Promise<FoundCompiler | undefined> {
  const run = compilerAt(file);
  const { ok, output } = await run(['--version']);
  const version = /version (\d+\.\d+\.\d+)/.exec(output)?.[1];
  return ok && version !== undefined ? { run, source, version } : undefined;
}

// Without the first the compiler does not start where ICU is missing; the second spares a sixth of its time.
const runtime = { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', DOTNET_TieredPGO: '0' };

function compilerAt(file: string): Compiler {
  return (args, { cwd, env } = {}) =>
    runCommand(file, args, { cwd, env: { ...process.env, ...runtime, ...env } });
}
