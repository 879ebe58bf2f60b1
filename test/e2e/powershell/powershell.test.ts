/** Every block of docs/powershell.md, run in PowerShell in its order, against `npm start`. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { projectFolder } from '../../local/child.ts';
import { hasDotnet } from '../clients/generate.ts';
import { startLocalDemo, type Started } from '../clients/local-run.ts';

const sources = join(projectFolder, 'test/e2e/powershell');
const run = promisify(execFile);
const env = { ...process.env, DOTNET_NOLOGO: 'true', DOTNET_CLI_TELEMETRY_OPTOUT: 'true' };

let folder: string;
let demo: Started;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'powershell-'));
  demo = await startLocalDemo();
}, 300_000);

afterAll(async () => {
  await demo.stop();
  await rm(folder, { recursive: true });
});

/** A program that runs scripts: PowerShell itself may not be installed. */
async function buildHost(): Promise<string> {
  for (const name of ['Host.cs', 'Host.csproj']) await copyFile(join(sources, name), join(folder, name));
  const flags = ['--verbosity', 'quiet', '-nodeReuse:false', '-p:UseSharedCompilation=false'];
  await run('dotnet', ['build', ...flags, '--output', 'built'], { cwd: folder, env });
  return join(folder, 'built/Host.dll');
}

const doneSchema = z.object({
  tenants: z.array(z.string()),
  month: z.int().positive(),
  persons: z.array(z.string()),
  admins: z.int().positive(),
  holders: z.int().positive(),
  exported: z.tuple([z.string(), z.int().positive()]),
  sameFile: z.literal(true),
  enablement: z.tuple([z.string(), z.boolean()]),
  refused: z.string(),
});

/** What the blocks left in their variables, as JSON. */
const summary = `
[ordered]@{
  tenants = @($tenants.domain)
  month = $month.Count
  persons = @($month.userId | Sort-Object -Unique)
  admins = $admins.Count
  holders = $ids.Count
  exported = @($export.status, $export.recordCount)
  sameFile = $manifest.file.sha256 -eq $sha256
  enablement = @($enablement.status, $enablement.dryRun)
  refused = $refusal.code
} | ConvertTo-Json`;

it('does what it says', { timeout: 600_000 }, async ({ skip }) => {
  skip(!(await hasDotnet()), 'There is no .NET SDK: the blocks of docs/powershell.md were not run.');
  const page = await readFile(join(projectFolder, 'docs/powershell.md'), 'utf8');
  const blocks = [...page.matchAll(/```powershell\n(.*?)```/gs)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThan(6);
  const start = [
    `Set-Location '${folder}'`,
    `$url = '${demo.url}'`,
    `$secureKey = ConvertTo-SecureString '${demo.key}' -AsPlainText -Force`,
    '$null = . {',
  ];
  const script = join(folder, 'blocks.ps1');
  await writeFile(script, [...start, ...blocks, '}', summary].join('\n'));
  const { stdout } = await run('dotnet', [await buildHost(), script], { cwd: folder, env });
  const done = doneSchema.parse(JSON.parse(stdout));
  expect(done.tenants.sort()).toEqual(['adatum.example', 'fabrikam.example', 'tailspin.example']);
  expect(done).toMatchObject({
    persons: ['tobias.renner@fabrikam.example'],
    exported: ['Succeeded', expect.any(Number)],
    enablement: ['Succeeded', true],
    refused: 'TenantNotFound',
  });
});
