/** Restores the compiler as a NuGet package, for machines that have the .NET SDK and no Azure tools. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand, type CommandResult } from './run-command.ts';

/** The version that the committed snapshots were made with. */
export const compilerVersion = '0.49.2';

/** Name of the compiler's file. */
export const executable = process.platform === 'win32' ? 'bicep.exe' : 'bicep';

const defaultFolder = fileURLToPath(new URL('../../node_modules/.cache/bicep', import.meta.url));

const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'osx', win32: 'win' };

/**
 * Path of the compiler; undefined when this system has no package or no .NET SDK. It is restored once, to the folder
 * BICEP_CACHE or into node_modules.
 * @throws Error when the SDK exists and cannot restore the package
 */
export async function restoreCompiler(): Promise<string | undefined> {
  const system = systems[process.platform];
  if (system === undefined) return undefined;
  const packagesFolder = process.env['BICEP_CACHE'] ?? defaultFolder;
  const packageName = `Azure.Bicep.CommandLine.${system}-${process.arch}`;
  const file = join(packagesFolder, packageName.toLowerCase(), compilerVersion, 'tools', executable);
  if (existsSync(file)) return file;
  // Without the SDK nothing can be restored; with it, a failure must not pass as a skipped check.
  if (!(await runCommand('dotnet', ['--version'])).ok) return undefined;
  const { output } = await restore(packageName, packagesFolder);
  if (existsSync(file)) return file;
  throw new Error(`The .NET SDK could not restore the Bicep compiler ${compilerVersion}:\n${output}`);
}

/** The project only names the package: nothing is built from it. */
async function restore(packageName: string, packagesFolder: string): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bicep-'));
  const project = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup><PackageDownload Include="${packageName}" Version="[${compilerVersion}]" /></ItemGroup>
</Project>
`;
  try {
    await writeFile(join(folder, 'bicep.csproj'), project);
    const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' };
    const args = ['restore', 'bicep.csproj', '--packages', packagesFolder];
    return await runCommand('dotnet', args, { cwd: folder, env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
