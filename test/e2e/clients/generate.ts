/** Generates clients, each into a folder of its own, and builds a program with it that does the main job. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import openapiTypescript, { astToString } from 'openapi-typescript';
import * as z from 'zod';
import { projectFolder } from '../../local/child.ts';

/** Runs the program; resolves with what it printed. */
export type Job = (url: string, key: string) => Promise<string>;

const sources = join(projectFolder, 'test/e2e/clients');
const maxBuffer = 16 * 1024 * 1024;
/** Nothing about this machine leaves it, and no compiler stays in the background. */
const env = {
  ...process.env,
  DOTNET_CLI_TELEMETRY_OPTOUT: 'true',
  DOTNET_NOLOGO: 'true',
  KIOTA_CLI_TELEMETRY_OPTOUT: 'true',
  KIOTA_OFFLINE_ENABLED: 'true',
};

const printedSchema = z.object({ stdout: z.string(), stderr: z.string() });

/** @throws Error with everything that the program printed */
async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd, env, maxBuffer }).catch(
    (error: unknown) => {
      const { data: printed } = printedSchema.safeParse(error);
      const output = printed === undefined ? '' : `${printed.stdout}\n${printed.stderr}`;
      throw new Error(`${program} ${args.join(' ')} failed:\n${output}`, { cause: error });
    },
  );
  return stdout;
}

/** Whether there is a .NET SDK. */
export async function hasDotnet(): Promise<boolean> {
  return await run('dotnet', ['--list-sdks'], projectFolder).then(
    (sdks) => sdks.trim() !== '',
    () => false,
  );
}

/** @param document an OpenAPI document as JSON */
export async function buildTypeScript(folder: string, document: string): Promise<Job> {
  await mkdir(folder);
  // Members with a default value need not be sent.
  const types = await openapiTypescript(document, { defaultNonNullable: false });
  await writeFile(join(folder, 'api.d.ts'), astToString(types));
  await copyFile(join(sources, 'typescript-job.mjs'), join(folder, 'job.mjs'));
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  const flags = [
    '--ignoreConfig',
    '--noEmit',
    '--allowJs',
    '--checkJs',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--types',
    'node',
  ];
  const compiler = join(projectFolder, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, ...flags, '--lib', 'es2023,dom', 'job.mjs'], folder);
  return (url, key) => run(process.execPath, ['job.mjs', url, key], folder);
}

/** A generator that `dotnet tool` installs. */
interface Generator {
  readonly tool: { readonly name: string; readonly version: string; readonly command: string };
  /** The program that uses the client. */
  readonly job: string;
  readonly args: (document: string) => readonly string[];
}

export const nswag: Generator = {
  tool: { name: 'NSwag.ConsoleCore', version: '14.8.0', command: 'nswag' },
  job: 'NSwagJob.cs',
  args: (document) => [
    'openapi2csclient',
    `/input:${document}`,
    '/output:Client.cs',
    '/namespace:Auditkeep.NSwag',
    '/classname:AuditkeepClient',
    '/generateOptionalParameters:true',
  ],
};

export const kiota: Generator = {
  tool: { name: 'Microsoft.OpenApi.Kiota', version: '1.38.0', command: 'kiota' },
  job: 'KiotaJob.cs',
  args: (document) => [
    ...['generate', '--openapi', document, '--language', 'CSharp', '--output', 'client'],
    ...['--namespace-name', 'Auditkeep.Kiota', '--class-name', 'AuditkeepClient', '--log-level', 'Warning'],
  ],
};

/**
 * @param document an OpenAPI document as JSON
 * @returns the program, and what the generator objected to
 */
export async function buildDotnet(folder: string, { tool, job, args }: Generator, document: string) {
  await mkdir(folder);
  await writeFile(join(folder, 'openapi.json'), document);
  for (const name of [job, 'Job.csproj']) await copyFile(join(sources, name), join(folder, name));
  await run(
    'dotnet',
    ['tool', 'install', tool.name, '--version', tool.version, '--tool-path', 'tools'],
    folder,
  );
  const printed = await run(join(folder, 'tools', tool.command), args('openapi.json'), folder);
  const quiet = ['--verbosity', 'quiet', '-nodeReuse:false', '-p:UseSharedCompilation=false'];
  await run('dotnet', ['build', ...quiet, '--output', 'built'], folder);
  const perform: Job = (url, key) => run('dotnet', [join(folder, 'built/Job.dll'), url, key], folder);
  return { perform, warnings: printed.split('\n').filter((line) => /warn/i.test(line)) };
}
