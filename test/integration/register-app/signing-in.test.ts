/** How `npm run register-app` signs in: by the environment of a pipeline, and by the Azure CLI. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { projectFolder } from '../../local/child.ts';
import type { Ran } from '../../support/auditkeep.ts';
import { bundleScript } from '../../support/run/bundle.ts';
import { outcomeOf, publisher, startRegistering, type Registering } from './registering.ts';

let world: Registering;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signing-in-'));
  world = await startRegistering({ credential: undefined });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await world.stop();
  await rm(folder, { recursive: true });
});

const script = join(projectFolder, 'scripts', 'auditkeep.ts');

/** A separate process: the library reads trusted certificates of an authority only from the environment. */
async function runAsPipeline(clientSecret: string): Promise<Ran> {
  const { baseUrl, caFile, clientId } = world.simulator;
  const child = spawn(process.execPath, [await bundleScript(script), 'register-app'], {
    cwd: projectFolder,
    env: {
      PATH: folder,
      HOME: folder,
      NODE_EXTRA_CA_CERTS: caFile,
      AUDITKEEP_GRAPH_URL: baseUrl,
      AUDITKEEP_AUTHORITY_URL: baseUrl,
      AZURE_TENANT_ID: publisher,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: clientSecret,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number>((resolve) => {
    child.once('close', (code) => {
      resolve(code ?? -1);
    });
  });
  const [exitCode, output, errors] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { exitCode, output, errors };
}

/** Hides this machine's own sign-ins: only an `az` that the test installs is found. */
function forgetSignIns(): void {
  vi.stubEnv('PATH', [folder, '/usr/bin', '/bin'].join(delimiter));
  for (const name of ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'])
    vi.stubEnv(name, undefined);
}

/** Prints a token as the Azure CLI does. */
async function installCli(token: string): Promise<void> {
  const answer = {
    accessToken: token,
    expires_on: Math.floor(Date.now() / 1000) + 3600,
    tokenType: 'Bearer',
  };
  await writeFile(join(folder, 'az'), `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`, { mode: 0o755 });
}

describe('signing in', () => {
  it('uses the environment of a pipeline, and reports a wrong secret', async () => {
    const { simulator } = world;
    const directory = { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] };
    const tenant = { tenantId: publisher, displayName: 'Partner', domain: 'partner.example', directory };
    simulator.addTenant({ ...tenant, auditingEnabled: true, records: [] });
    simulator.changePolicy(publisher, { grantedRoles: ['Application.ReadWrite.All'] });
    const [ran, refused] = await Promise.all([
      runAsPipeline(simulator.clientSecret),
      runAsPipeline('another'),
    ]);
    expect(ran.errors).toContain('now: create the app registration Auditkeep\n');
    expect(ran.exitCode).toBe(0);
    expect(ran.output).toContain(`AUDITKEEP_PUBLISHER_ID=${publisher}\n`);
    expect(refused).toMatchObject({ exitCode: 1, output: '' });
    expect(refused.errors).toMatch(/^The sign-in failed \(AADSTS7000215\)/);
  });

  it('uses the account that is signed in to the Azure CLI', async () => {
    forgetSignIns();
    const [roles, audience] = [['Application.ReadWrite.All'], 'https://graph.microsoft.com'];
    await installCli(await world.simulator.mintToken({ tenantId: publisher, audience, roles }));
    const ran = await world.run('--json');
    expect(ran.exitCode).toBe(0);
    expect(outcomeOf(ran).publisherId).toBe(publisher);
    expect(world.registered.applications.all()).toHaveLength(1);
  });

  it('says how to sign in if no one is signed in', async () => {
    forgetSignIns();
    const ran = await world.run();
    expect(ran).toMatchObject({ exitCode: 1, output: '' });
    expect(ran.errors).toBe(
      'You are not signed in: az login --tenant YOUR-TENANT --allow-no-subscriptions\n',
    );
  });
});
