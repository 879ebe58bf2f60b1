/** PowerShell from its packages: it need not be installed. */
import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../../local/child.ts';

const sources = join(projectFolder, 'test/e2e/powershell');
const run = promisify(execFile);
const env = { ...process.env, DOTNET_NOLOGO: 'true', DOTNET_CLI_TELEMETRY_OPTOUT: 'true' };

/** Runs a script in the folder, and returns what it prints. @throws Error with PowerShell's own when it fails */
export type RunScript = (script: string) => Promise<string>;

/** @param folder for the program that runs scripts, and what they write */
export async function buildPowerShell(folder: string): Promise<RunScript> {
  for (const name of ['Host.cs', 'Host.csproj']) await copyFile(join(sources, name), join(folder, name));
  const flags = ['--verbosity', 'quiet', '-nodeReuse:false', '-p:UseSharedCompilation=false'];
  await run('dotnet', ['build', ...flags, '--output', 'built'], { cwd: folder, env });
  const file = join(folder, 'script.ps1');
  return async (script) => {
    await writeFile(file, script);
    return (await run('dotnet', [join(folder, 'built/Host.dll'), file], { cwd: folder, env })).stdout;
  };
}
