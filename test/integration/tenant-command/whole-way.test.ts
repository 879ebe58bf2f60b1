/** The command against the app itself in the local host, with the Microsoft 365 simulator behind it. */
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startLocalRun, type LocalRun } from '../../local/local-run.ts';
import { parseOptions } from '../../local/options.ts';
import { createProcesses } from '../../local/processes.ts';
import { startDescribedProxy, type DescribedProxy } from '../../support/described-proxy.ts';
import { runCommand, startCommand, type CommandSettings } from './command-process.ts';

const processes = createProcesses();
let run: LocalRun;
let proxy: DescribedProxy;
let api: CommandSettings;

beforeAll(async () => {
  const options = { ...parseOptions([]), port: await getPort() };
  run = await startLocalRun({ options, processes, say: () => undefined });
  proxy = await startDescribedProxy(run.host.baseUrl);
  api = { baseUrl: proxy.baseUrl, apiKey: run.api.apiKey };
});

afterAll(async () => {
  await proxy.stop();
  await processes.stop();
});

const tenant = (args: readonly string[]) => runCommand(api, args);
const consentLink = /https:\S+adminconsent\S+/;
const [fabrikam, adatum, tailspin] = ['fabrikam.example', 'adatum.example', 'tailspin.example'];

async function openLink(text: string): Promise<void> {
  await run.consent?.(consentLink.exec(text)?.[0] ?? 'no link');
}

// Each has a separate tenant, and mostly waits for it.
describe.concurrent('npm run tenant', () => {
  it('adds a tenant, waits for its consent, turns auditing on and shows before and after', async () => {
    const command = await startCommand(api, ['add', tailspin, '--name', 'Tailspin Travel', '--enable']);
    await openLink(await command.said(/https:\S+adminconsent\S+(?=\s)/));
    const { exitCode, output, errors } = await command.ended;
    expect({ exitCode, errors: exitCode === 0 ? '' : errors + output }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toMatch(/unifiedAuditLog +│ Succeeded +│ unifiedAuditLogIngestionEnabled: false → true/);
    expect(output).toContain('The enablement ended: Succeeded.');
    const checked = await tenant(['check', 'tailspin travel']);
    expect(checked.output).toMatch(/consent +│ Passed/);
    expect(checked.output).toContain('(bypass)');
    expect(checked.exitCode).toBe(1);
    expect(await tenant(['enable', tailspin, '--remove-bypasses'])).toMatchObject({ exitCode: 0 });
    const fixed = await tenant(['check', tailspin]);
    expect(fixed.output).toContain('Auditing has no problems');
    expect(fixed.exitCode).toBe(0);
  }, 180_000);

  it('says everything that a dry run would change, and changes nothing', async () => {
    await openLink((await tenant(['add', fabrikam])).output);
    const dry = await tenant(['enable', fabrikam, '--dry-run']);
    expect(dry.exitCode).toBe(0);
    expect(dry.output).toMatch(/It would make \d+ changes:\n/);
    expect(dry.output).toContain('unifiedAuditLog: Set-AdminAuditLogConfig');
    expect(dry.output).toMatch(/mailboxes: \S+@fabrikam\.example: AuditEnabled from False to True/);
    const again = await tenant(['enable', fabrikam, '--dry-run', '--json']);
    const { steps } = z.object({ steps: z.array(stepSchema) }).parse(JSON.parse(again.output));
    for (const change of steps.flatMap(({ changes }) => changes)) expect(dry.output).toContain(change);
  }, 180_000);

  it('tells what is missing without consent, gives a new link, and removes only with --yes', async () => {
    const added = await tenant(['add', adatum]);
    expect(added.exitCode).toBe(0);
    expect(added.output).toMatch(consentLink);
    const checked = await tenant(['check', adatum]);
    expect(checked.exitCode).toBe(1);
    expect(checked.output).toMatch(/consent +│ Failed +│ /);
    const link = await tenant(['consent', adatum]);
    expect(link.output).toMatch(consentLink);
    expect(await tenant(['remove', adatum])).toMatchObject({ exitCode: 2, errors: '' });
    expect((await tenant(['list'])).output).toContain(adatum);
    const removed = await tenant(['remove', adatum, '--yes']);
    expect(removed).toMatchObject({ exitCode: 0, output: expect.stringContaining('is removed') as unknown });
    expect((await tenant(['list'])).output).not.toContain(adatum);
  }, 180_000);

  it('prints what the app says is wrong', async () => {
    const stranger = { ...api, apiKey: 'ak_0123456789abcdef_InventedInventedInventedInventedInvented12' };
    const refused = await runCommand(stranger, ['list']);
    expect(refused).toMatchObject({ exitCode: 1, output: '' });
    expect(refused.errors).toMatch(/^The key in AUDITKEEP_KEY is not valid.*\n$/);
    const unknown = await tenant(['add', 'unknown.example']);
    expect(unknown).toMatchObject({ exitCode: 1, output: '' });
    expect(unknown.errors).toMatch(/unknown\.example.*\n$/);
    const missing = await tenant(['enable', '00000000-0000-4000-8000-000000000000', '--json']);
    expect(missing.exitCode).toBe(1);
    expect(JSON.parse(missing.output)).toMatchObject({ error: { code: 'TenantNotFound' } });
  }, 180_000);
});

describe('the answers that it was given', () => {
  it('are all described', () => {
    expect(proxy.findings).toEqual([]);
    expect(proxy.answers()).toBeGreaterThan(20);
  });
});

const stepSchema = z.object({ changes: z.array(z.string()).default([]) });
