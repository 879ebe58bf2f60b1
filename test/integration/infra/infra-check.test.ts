import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCompiler } from '../../../scripts/infra-check/compiler.ts';
import { runCommand } from '../../../scripts/infra-check/run-command.ts';

const root = join(import.meta.dirname, '../../..');
const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
const compiler = await findCompiler();
if (compiler === undefined) console.warn('SKIPPED: there is no Bicep compiler on this machine to test with.');

/** Small, for a compiler that takes seconds for the whole; the rules are those of infra/. */
const template = `targetScope = 'resourceGroup'

@description('Azure region.')
param location string = resourceGroup().location

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: 'stauditkeep'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}
`;

/** Of a deployment that makes nothing. */
const emptySnapshot = { predictedResources: [], diagnostics: [] };

describe('infra:check', { timeout: 180_000 }, () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infra-check-'));
    await cp(join(root, 'infra/bicepconfig.json'), join(folder, 'bicepconfig.json'));
    await writeFile(join(folder, 'main.bicep'), template);
    await writeFile(join(folder, 'tiny.bicepparam'), "using 'main.bicep'\n");
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const check = () =>
    runCommand(process.execPath, [tsx, 'scripts/auditkeep.ts', 'infra-check', folder], { cwd: root });
  const change = (from: string, to: string) =>
    writeFile(join(folder, 'main.bicep'), template.replace(from, to));

  it.skipIf(compiler === undefined)(
    'reports unformatted files, and what a change does to Azure',
    async () => {
      await change('sku: { name', 'sku:   { name');
      await writeFile(join(folder, 'tiny.snapshot.json'), JSON.stringify(emptySnapshot));
      const { ok, output } = await check();
      expect(ok).toBe(false);
      expect(output).toContain('FAIL format\n  main.bicep: is not formatted');
      expect(output).toContain('ok   lint\nok   build\nFAIL snapshots\n  tiny.bicepparam: ');
      expect(output).toContain('+ Microsoft.Storage/storageAccounts/stauditkeep');
      expect(output).toContain('npm run infra:check -- --write');
    },
  );

  it.skipIf(compiler === undefined)('reports a misspelled property and the correct one', async () => {
    await change('minimumTlsVersion', 'minimumTlsVersoin');
    const { ok, output } = await check();
    expect(ok).toBe(false);
    expect(output).toContain('ok   format\nFAIL lint\n  main.bicep(12,5): BCP089');
    expect(output).toContain('Did you mean "minimumTlsVersion"?');
    expect(output).not.toContain('snapshots');
  });

  it('says with a message that it checks nothing where there is no compiler', async () => {
    const nowhere = {
      ...process.env,
      BICEP: '',
      PATH: folder,
      BICEP_CACHE: folder,
      AZURE_CONFIG_DIR: folder,
    };
    const { ok, output } = await runCommand(process.execPath, [tsx, 'scripts/auditkeep.ts', 'infra-check'], {
      cwd: root,
      env: nowhere,
    });
    expect(ok).toBe(true);
    expect(output).toContain('SKIPPED: nothing in infra/ was checked');
  });
});
