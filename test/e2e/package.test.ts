/** The output of `npm run package`, run in an empty folder: it must contain everything that a Functions host needs. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../scripts/key/create-key.ts';
import { projectFolder } from '../local/child.ts';
import { startHost, type HostProcess } from '../local/host-process.ts';
import { startStorage, type LocalStorage } from '../local/storage.ts';
import { startSimulatorProcess, type SimulatorProcess } from '../local/simulator-process.ts';
import { simulatorSettings } from '../local/simulator-settings.ts';
import { expectDescribedResponse } from '../support/described.ts';

let folder: string;
let deployed: string;
let printed: string;
let localStorage: LocalStorage;
let simulator: SimulatorProcess;
let host: HostProcess;

/** Like the command, but into a folder of this test. */
async function makePackage(): Promise<string> {
  const script = join(projectFolder, 'scripts', 'auditkeep.ts');
  const args = ['--import', 'tsx', script, 'package', '--out', join(folder, 'made'), '--report-only'];
  return (await promisify(execFile)(process.execPath, args, { cwd: projectFolder })).stdout;
}

function settings(): Readonly<Record<string, string>> {
  return {
    AzureWebJobsStorage: localStorage.connectionString,
    NODE_EXTRA_CA_CERTS: simulator.caFile,
    ...simulatorSettings(simulator),
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-test-'));
  [printed, localStorage, simulator] = await Promise.all([
    makePackage(),
    startStorage(),
    startSimulatorProcess(undefined),
  ]);
  deployed = join(folder, 'wwwroot');
  await cp(join(folder, 'made'), deployed, { recursive: true });
  host = await startHost({ project: deployed, env: settings() });
});

afterAll(async () => {
  await Promise.all([host.stop(), simulator.stop(), localStorage.stop()]);
  await rm(folder, { recursive: true });
});

describe('the package', () => {
  it('is the scripts, the files that the host, the docs page, and the console read, and the license notices, with nothing to install', async () => {
    expect((await readdir(deployed)).sort()).toEqual([
      ...[
        'LICENSE',
        'THIRD-PARTY-NOTICES.txt',
        'chunks',
        'console',
        'docs-page',
        'host.json',
        'main.mjs',
        'package.json',
      ],
    ]);
    const chunks = await readdir(join(deployed, 'chunks'));
    expect(chunks.filter((name) => !name.endsWith('.mjs'))).toEqual([]);
    expect((await readdir(join(deployed, 'docs-page'))).sort()).toEqual(['docs.css.gz', 'docs.js.gz']);
    const manifest = JSON.parse(await readFile(join(deployed, 'package.json'), 'utf8')) as unknown;
    expect(manifest).toMatchObject({ name: 'auditkeep', main: 'main.mjs', type: 'module' });
    expect(manifest).not.toHaveProperty('dependencies');
  });

  it('has the license texts of what the docs page bundles, and serves the page from its own files', async () => {
    const notices = await readFile(join(deployed, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toContain('swagger-ui-dist 5.');
    expect(notices).toContain('DOMPurify');
    const page = await (await fetch(`${host.baseUrl}/api/docs`)).text();
    const [, script = ''] = /src="(docs\/[^"]+)"/.exec(page) ?? [];
    const answer = await fetch(`${host.baseUrl}/api/${script}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
  });

  it('has the license texts of what the console bundles, and serves it from its own files', async () => {
    const notices = await readFile(join(deployed, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['preact 10.', 'openapi-fetch 0.', '@fluentui/tokens 1.'])
      expect(notices).toContain(name);
    const root = await fetch(`${host.baseUrl}/`);
    expect([root.status, root.url]).toEqual([200, `${host.baseUrl}/console`]);
    const loaded = [...(await root.text()).matchAll(/ (?:src|href)="(\/console\/[^"]+)"/g)];
    expect(loaded.length).toBeGreaterThan(2);
    for (const [, file = ''] of loaded) {
      const answer = await fetch(`${host.baseUrl}${file}`);
      expect([file, answer.status, answer.headers.get('content-encoding')]).toEqual([file, 200, 'gzip']);
    }
  });

  it('reports its size, load time, and functions', () => {
    expect(printed).toMatch(/^Bundle +\d+ KiB/m);
    expect(printed).toMatch(/^Load time +\d+ ms/m);
    for (const name of host.functions) expect(printed).toContain(name);
  });

  it('reports errors in words, with function names, without its source map', async () => {
    const probe = join(projectFolder, 'scripts', 'package', 'load-probe.cjs');
    const loaded = promisify(execFile)(process.execPath, [probe, join(deployed, 'main.mjs')], { env: {} });
    const message = await loaded.then(
      () => '',
      (error: unknown) => String(error),
    );
    expect(message).toContain('ConfigError: Invalid settings:');
    expect(message).toMatch(/^ +at parseConfig \(/m);
  });

  it('runs in the host: it is healthy, registers a tenant, and answers for it', async () => {
    const api = `${host.baseUrl}/api`;
    const health = await fetch(`${api}/health`);
    await expectDescribedResponse('GET', health);
    expect(health.status).toBe(200);
    const [tenant] = simulator.tenants;
    const storage = { kind: 'connectionString', connectionString: localStorage.connectionString } as const;
    const scopes = ['records.read', 'tenants.manage'] as const;
    const key = await createKey({ storage, name: 'package test', tenants: '*', scopes });
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const registered = await fetch(`${api}/tenants`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify({ tenantId: tenant?.tenantId, displayName: tenant?.displayName }),
    });
    await expectDescribedResponse('POST', registered);
    expect([registered.status, await registered.json()]).toMatchObject([201, { tenantId: tenant?.tenantId }]);
    const answer = await fetch(`${api}/tenants/${tenant?.tenantId ?? ''}/records`, { headers });
    await expectDescribedResponse('GET', answer);
    expect([answer.status, await answer.json()]).toMatchObject([200, { value: [] }]);
  });
});
