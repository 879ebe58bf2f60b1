/** What is deployed: what a cold start reads is at most as large as its target, and no module is there twice. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { readContents, type Contents } from '../../../scripts/package/contents.ts';
import { targets } from '../../../scripts/package/targets.ts';
import { projectFolder } from '../../local/child.ts';
import { builtOnce } from '../../support/built-app.ts';

const probe = join(projectFolder, 'scripts', 'package', 'load-probe.cjs');

describe('the bundle of the app', () => {
  let folder: string;
  let contents: Contents;

  beforeAll(async () => {
    folder = await builtOnce();
    contents = await readContents(folder);
  });

  it('is at a cold start not larger than its target', () => {
    expect(contents.startBytes).toBeLessThanOrEqual(targets.bundleBytes);
  });

  it('is with all that is loaded later not larger than its target', () => {
    expect(contents.totalBytes).toBeLessThanOrEqual(targets.totalBytes);
  });

  it('has no module twice, so that a class is the same class wherever it is used', () => {
    const modules = contents.modules.flat();
    expect(modules.filter((path, at) => modules.indexOf(path) !== at)).toEqual([]);
  });

  it('has source maps, by which stacks name files of TypeScript', async () => {
    const main = join(folder, 'main.mjs');
    // Without settings, the app refuses to start.
    const loading = promisify(execFile)(process.execPath, ['--enable-source-maps', probe, main], { env: {} });
    await expect(loading).rejects.toThrow(/^ +at parseConfig \(.*shared[/\\]config\.ts:\d+:\d+\)$/m);
  });

  it('uses nothing of CommonJS that ES modules lack', async () => {
    const files = await readdir(folder, { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.mjs')))
      expect(await readFile(join(folder, file), 'utf8'), file).not.toMatch(/\b__(?:dirname|filename)\b/);
  });

  it('imports no package that is not in it', () => {
    expect(contents.missing).toEqual([]);
  });

  it.each([
    ['shared/sentences/describe.ts', 'sentences on acts'],
    ['shared/reports/kinds/sign-ins/collector.ts', 'reports'],
    ['shared/reports/forms/html-form.ts', 'forms of reports'],
    ['shared/exports/xlsx/xlsx-encoder.ts', 'workbooks'],
    ['shared/evidence/document/certificate-pdf.ts', 'certificates as PDF'],
    ['shared/description/openapi.ts', 'descriptions of the API'],
    ['shared/imports/csv-rows.ts', 'imports'],
    ['shared/verification/verify-tenant.ts', 'verifications'],
    ['shared/adapters/monitor/azure-monitor.ts', 'exporters of telemetry'],
    ['shared/adapters/partner-center/partner-center.ts', 'calls of Partner Center'],
  ])('does not load %s at a cold start: %s come when they are first used', (path) => {
    expect([contents.startModules.includes(path), contents.modules.flat().includes(path)]).toEqual([
      false,
      true,
    ]);
  });
});
