/** Microsoft's parser of T-SQL, from its package. */
import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { projectFolder } from '../../local/child.ts';

const sources = join(projectFolder, 'test/e2e/sql-server');
const run = promisify(execFile);
const env = { ...process.env, DOTNET_NOLOGO: 'true', DOTNET_CLI_TELEMETRY_OPTOUT: 'true' };

const resultSchema = z.object({
  /** Of each batch, the kinds of its statements, as the parser names them. */
  batches: z.array(z.array(z.string())),
  /** With the release that they are of. */
  errors: z.array(z.string()),
});
export type Parsed = z.output<typeof resultSchema>;

/** Parses scripts by their names. */
export type ParseScripts = (
  scripts: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, Parsed>>>;

/** @param folder for the program that parses */
export async function buildParser(folder: string): Promise<ParseScripts> {
  for (const name of ['Parser.cs', 'Parser.csproj']) await copyFile(join(sources, name), join(folder, name));
  const flags = ['--verbosity', 'quiet', '-nodeReuse:false', '-p:UseSharedCompilation=false'];
  await run('dotnet', ['build', ...flags, '--output', 'built'], { cwd: folder, env });
  return async (scripts) => {
    const parsing = run('dotnet', [join(folder, 'built/Parser.dll')], { env, maxBuffer: 2 ** 24 });
    parsing.child.stdin?.end(JSON.stringify(scripts));
    return z.record(z.string(), resultSchema).parse(JSON.parse((await parsing).stdout));
  };
}
