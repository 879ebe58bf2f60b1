/** Every block of docs/powershell.md, run in PowerShell in its order, against `npm start`. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { hasDotnet } from '../clients/generate.ts';
import { startLocalDemo, type Started } from '../clients/local-run.ts';
import { buildPowerShell, type RunScript } from './host.ts';
import { notIn5 } from './not-in-5.ts';
import { readPage, type Page } from './page.ts';

let folder: string;
let demo: Started;
let run: RunScript | undefined;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'powershell-'));
  page = await readPage();
  demo = await startLocalDemo();
  run = (await hasDotnet()) ? await buildPowerShell(folder) : undefined;
}, 600_000);

afterAll(async () => {
  await demo.stop();
  await rm(folder, { recursive: true });
});

const missing = 'There is no .NET SDK: the blocks of docs/powershell.md were not run.';

const callSchema = z.object({ section: z.string(), address: z.string(), waiting: z.boolean() });
const doneSchema = z.object({
  calls: z.array(callSchema),
  onboarded: z.array(z.tuple([z.string(), z.string()])),
  touched: z.array(z.string()),
  administrators: z.int().positive(),
  changes: z.array(z.object({ userId: z.string(), to: z.string(), rights: z.string().nullable() })),
  exported: z.tuple([z.string(), z.int().positive()]),
  postures: z.array(z.string()),
  off: z.array(z.string()),
  rollout: z.tuple([z.string(), z.boolean(), z.int()]),
  refused: z.string(),
});

/** Counts calls, and makes them. */
const counting = ['Invoke-RestMethod', 'Invoke-WebRequest'].map(
  (name) => `function ${name} {
  $address = $args[[Array]::IndexOf($args, '-Uri:') + [Array]::IndexOf($args, '-Uri') + 2]
  $waiting = (Get-PSCallStack).FunctionName -contains 'Wait-Auditkeep'
  $calls.Add(@{ section = $section; address = "$address"; waiting = $waiting })
  Microsoft.PowerShell.Utility\\${name} @args
}`,
);

/** What the blocks left in their variables, as JSON. */
const summary = `
[ordered]@{
  calls = @($calls)
  onboarded = @($onboarding.tenants | ForEach-Object { , @($_.domain, $_.status) })
  touched = @($touched.tenantDisplayName | Sort-Object -Unique)
  administrators = $holders.Count
  changes = @($changes | Select-Object userId, to, rights)
  exported = @($export.status, $export.recordCount)
  postures = @($postures.tenantDisplayName | Sort-Object)
  off = @($off | ForEach-Object tenantDisplayName)
  rollout = @($rollout.status, $rollout.dryRun, $enabled.Count)
  refused = $refusal.code
} | ConvertTo-Json -Depth 4`;

const customers = `domain,name,tags
fabrikam.example,Fabrikam Manufacturing,gold;emea
adatum.example,Adatum Légal,gold
tailspin.example,Tailspin Travel,
contosø.example,Contosø,gold
`;
const names = ['Adatum Légal', 'Fabrikam Manufacturing', 'Tailspin Travel'];

/** All blocks in the same scope, as a person would type them. */
function scriptOf({ sections }: Page): string {
  return [
    `Set-Location '${folder}'`,
    `$url = '${demo.url}'`,
    `$secureKey = ConvertTo-SecureString '${demo.key}' -AsPlainText -Force`,
    '$calls = [System.Collections.Generic.List[object]]::new()',
    ...counting,
    '$null = . {',
    ...sections.flatMap(({ heading, blocks }) => [`$section = "${heading}"`, ...blocks]),
    '}',
    summary,
  ].join('\n');
}

const isFurtherPage = (address: string) => address.includes('skiptoken=');

it('does what it says, with as many calls as it says', { timeout: 600_000 }, async ({ skip }) => {
  if (run === undefined) return skip(missing);
  await writeFile(join(folder, 'customers.csv'), customers);
  const done = doneSchema.parse(JSON.parse(await run(scriptOf(page))));
  expect(done).toMatchObject({
    onboarded: [
      ...['fabrikam', 'adatum', 'tailspin'].map((name) => [`${name}.example`, 'AlreadyRegistered']),
      ['xn--contos-gya.example', 'Refused'],
    ],
    touched: names,
    exported: ['Succeeded', expect.any(Number)],
    ...{ postures: names, off: [], rollout: ['Succeeded', true, 3], refused: 'TenantNotFound' },
  });
  expect(done.changes).toContainEqual(
    expect.objectContaining({ to: 'marta.kowal@fabrikam.example', rights: 'FullAccess' }),
  );
  const counted = Object.keys(page.calls).map((heading) => {
    const own = done.calls.filter(({ section, waiting }) => section === heading && !waiting);
    expect(own.length).toBeLessThan(20);
    return [heading, own.filter(({ address }) => !isFurtherPage(address)).length];
  });
  expect(Object.fromEntries(counted)).toEqual(page.calls);
  const files = await readdir(folder);
  expect(files).toEqual(expect.arrayContaining(names.map((name) => `administrators ${name}.csv`)));
  const report = await readFile(join(folder, 'administrators Fabrikam Manufacturing.csv'), 'utf8');
  expect(report).toMatch(/"marta\.kowal@fabrikam\.example","active","Add-MailboxPermission","\d+"/);
  expect(await readFile(join(folder, 'links.csv'), 'utf8')).toMatch(
    /^\uFEFFdomain,name,tenantId,link,expires/,
  );
});

it('needs nothing that Windows PowerShell 5.1 does not have', { timeout: 600_000 }, async ({ skip }) => {
  if (run === undefined) return skip(missing);
  const blocks = page.sections.flatMap(({ blocks: own }) => own);
  expect(blocks.length).toBeGreaterThan(9);
  expect(await notIn5(run, blocks.join('\n'))).toEqual([]);
});

it('would find what is new in PowerShell 7', { timeout: 600_000 }, async ({ skip }) => {
  if (run === undefined) return skip(missing);
  const lines = [
    ...['$a ? 1 : 2', '$a ?? 1', '$a ??= 1', '${a}?.Name', '${a}?[0]', 'Get-Date && Get-Date'],
    ...['ConvertFrom-Json -AsHashtable', 'Get-Content -AsByteStream', 'ForEach-Object -Parallel'],
    ...['Invoke-RestMethod -SkipHttpErrorCheck', 'Join-String'],
  ];
  const shortened = [
    ['Get-Date &', 'Get-Date'],
    ['Export-Csv -Encoding utf8BOM', 'utf8BOM'],
  ];
  const all = [...lines.map((line) => [line, line]), ...shortened];
  const found = await notIn5(run, all.map(([line]) => line).join('\n'));
  expect([...found].sort()).toEqual(all.map(([, text]) => text).sort());
});
