/** Fifty customers onboarded with one command through the deployed app, whose host is killed in the middle. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { consentAsAdministrator } from '../../local/administrator.ts';
import { minuteMs } from '../../support/clock.ts';
import { inventedRefreshToken } from '../../simulator/partner/relationships.ts';
import { inventedIdentity } from '../../simulator/simulator.ts';
import { askJson } from '../deployed/asking.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { startCommand } from '../tenant-command/command-process.ts';

const customers = Array.from({ length: 50 }, (_, at) => ({
  tenantId: randomUUID(),
  domain: `customer-${at}.example`,
  name: `Customer; "${at}"`,
}));
const patience = { timeout: 2 * minuteMs, interval: 50 };

let app: DeployedApp;
let folder: string;

beforeAll(async () => {
  const env = {
    AUDITKEEP_PUBLISHER_ID: inventedIdentity.homeTenantId,
    AUDITKEEP_PARTNER_REFRESH_TOKEN: inventedRefreshToken,
  };
  app = await startDeployedApp({ startMs: 0, env });
  for (const customer of customers) addTenant(customer);
  folder = await mkdtemp(join(tmpdir(), 'auditkeep-onboarding-'));
  const lines = customers.map(({ domain, name }) => `${domain};"${name.replaceAll('"', '""')}";"gold;emea"`);
  // As Excel saves it where the comma separates decimals, with a domain that no tenant has.
  const text = ['\uFEFFdomain;name;tags', ...lines, 'unknown.example;Unknown;', ''].join('\r\n');
  await writeFile(join(folder, 'customers.csv'), text);
}, 5 * minuteMs);

afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

function addTenant({ tenantId, domain }: { readonly tenantId: string; readonly domain: string }): void {
  app.simulator.addTenant({
    ...{ tenantId, displayName: domain, domain, auditingEnabled: true, consented: false, records: [] },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
}

const tenantsSchema = z.object({
  value: z.array(
    z.object({
      ...{ tenantId: z.string(), displayName: z.string(), domain: z.string(), state: z.string() },
      tags: z.array(z.string()),
    }),
  ),
});
const listTenants = async () => (await askJson(app, tenantsSchema, ['tenants'])).value;

const importCustomers = () => startCommand(app.api, ['import', join(folder, 'customers.csv')]);

async function readLinks() {
  const text = await readFile(join(folder, 'customers.consent.csv'), 'utf8');
  const schema = z.array(
    z.object({ domain: z.string(), name: z.string(), tenantId: z.string(), link: z.url() }),
  );
  return schema.parse(parse(text, { columns: true, bom: true }));
}

async function expectComplete(): Promise<void> {
  const found = (await listTenants()).sort((a, b) => a.tenantId.localeCompare(b.tenantId));
  const expected = customers.toSorted((a, b) => a.tenantId.localeCompare(b.tenantId));
  expect(found).toEqual(
    expected.map(({ tenantId, domain, name: displayName }) => ({
      ...{ tenantId, domain, displayName, tags: ['emea', 'gold'], state: 'PendingConsent' },
    })),
  );
  const links = await readLinks();
  expect(links.map(({ domain, tenantId }) => ({ domain, tenantId }))).toEqual(
    customers.map(({ domain, tenantId }) => ({ domain, tenantId })),
  );
  for (const { link, tenantId } of links) expect(link).toContain(`/${tenantId}/`);
  expect(new Set(links.map(({ link }) => new URL(link).searchParams.get('state'))).size).toBe(
    customers.length,
  );
}

it(
  'comes to a result and a link for each of them, and to the same when the command is run again',
  async () => {
    const command = await importCustomers();
    await vi.waitFor(async () => {
      expect((await listTenants()).length).toBeGreaterThan(10);
    }, patience);
    await app.halt('kill');
    expect((await readLinks().catch(() => [])).length).toBe(0);
    await app.start();
    const first = await command.ended;
    expect(first.output).toContain('51 tenants: 50 registered, 1 refused. 0 of them are Active.');
    expect(first.output).toMatch(/ 52 │ unknown\.example │ Refused +│ UnknownDomain/);
    expect({ exitCode: first.exitCode, defect: first.errors.includes('    at ') }).toEqual({
      exitCode: 1,
      defect: false,
    });
    await expectComplete();
    const again = await (await importCustomers()).ended;
    expect(again.output).toContain('51 tenants: 50 registered before, 1 refused. 0 of them are Active.');
    await expectComplete();
  },
  5 * minuteMs,
);

it(
  'continues when the command is killed, and run again while the app works',
  async () => {
    const killed = await importCustomers();
    await vi.waitFor(async () => {
      expect(await app.isWorking()).toBe(true);
    }, patience);
    killed.pressCtrlC();
    await killed.ended;
    const again = await (await importCustomers()).ended;
    expect(again.output).toContain('51 tenants: 50 registered before, 1 refused.');
    await expectComplete();
  },
  5 * minuteMs,
);

it(
  'makes links that customers can open',
  async () => {
    const [link] = await readLinks();
    await consentAsAdministrator(link?.link ?? '', app.simulator.caPem);
    await vi.waitFor(async () => {
      const found = (await listTenants()).find(({ tenantId }) => tenantId === link?.tenantId);
      expect(found?.state).toBe('Active');
    }, patience);
  },
  5 * minuteMs,
);

const startedSchema = z.object({ policyEnablementId: z.guid() });
const enablementSchema = z.object({ status: z.enum(['Succeeded', 'Running', 'NotStarted']) });

it(
  'consents by relationship where there is one, and turns auditing on as the policy says',
  async () => {
    const related = [1, 2, 3].map((at) => ({ tenantId: randomUUID(), domain: `related-${at}.example` }));
    for (const each of related) addTenant(each);
    for (const { tenantId } of related.slice(0, 2)) app.simulator.partner.relate(tenantId);
    const policy = await app.ask('policy', { method: 'PUT', body: JSON.stringify({ enablement: {} }) });
    expect(policy.status).toBe(200);
    const file = join(folder, 'related.csv');
    await writeFile(file, ['domain', ...related.map(({ domain }) => domain)].join('\n'));
    const { output, exitCode } = await (
      await startCommand(app.api, ['import', file, '--relationship'])
    ).ended;
    expect(output).toMatch(/ 4 │ related-3\.example │ ConsentRefused +│ NoRelationship/);
    expect(output).toContain(
      '3 tenants: 2 registered, 1 registered, and consent was refused. 2 of them are Active.',
    );
    expect(output).toContain(`1 consent link to send: ${join(folder, 'related.consent.csv')}`);
    expect(exitCode).toBe(1);
    for (const { tenantId } of related.slice(0, 2)) {
      const { policyEnablementId } = await askJson(app, startedSchema, [`tenants/${tenantId}`]);
      await askJson(app, enablementSchema, [`tenants/${tenantId}/enablements/${policyEnablementId}`]);
    }
  },
  5 * minuteMs,
);
