/** Client keys in the console: what a key sees that was created there, and what no key reaches. */
import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { buildApp } from '../support/built-app.ts';
import { bundledHost } from '../support/run/bundle.ts';
import { openStorage, type TestStorage } from '../support/run/storage.ts';
import { startConsoleWorld, type ConsoleWorld } from './world.ts';

const executable = await findBrowser();

let storage: TestStorage;
let project: string;
let world: ConsoleWorld;
let browser: Browser;

beforeAll(async () => {
  if (executable === undefined) return;
  [storage, project] = [await openStorage(), await buildApp()];
  const { connectionString } = storage;
  world = await startConsoleWorld({ connectionString, project, script: await bundledHost() });
  browser = await openBrowser(executable);
});

afterAll(async () => {
  if (executable === undefined) return;
  await browser.close();
  await world.stop();
  await storage.close();
  await rm(project, { recursive: true });
});

async function open(path: string, key: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`${world.baseUrl}/console${path}#key=${key}`);
  return page;
}

async function createKeyFor(tenant: string): Promise<string> {
  const page = await open('/access/keys/new', world.key);
  await page.getByLabel('Name', { exact: true }).fill('Story');
  await page.getByLabel('Tenants', { exact: true }).selectOption({ label: tenant });
  expect(await page.getByLabel(/keys\.manage/).count()).toBe(0);
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByRole('button', { name: 'Copy: Client key' }).waitFor();
  return (await page.locator('code.secret').textContent()) ?? '';
}

async function revoke(name: string): Promise<void> {
  const page = await open('/access', world.key);
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
}

async function statusWith(key: string): Promise<number> {
  return (await fetch(`${world.baseUrl}/api/tenants`, { headers: { 'x-api-key': key } })).status;
}

const title =
  executable === undefined
    ? 'client keys in a browser: not tested, because there is no Chromium (Debian: apt-get install chromium)'
    : 'client keys in a browser';

describe.skipIf(executable === undefined)(title, () => {
  it(
    'creates a key that sees only its tenant, and nothing after it is revoked',
    { timeout: 180_000 },
    async () => {
      const [first] = world.tenants;
      const key = await createKeyFor(first?.displayName ?? '');
      const page = await open('/tenants', key);
      await page.getByRole('row').nth(1).waitFor();
      expect(await page.getByRole('row').count()).toBe(2);
      await page.getByRole('link', { name: first?.displayName ?? '' }).waitFor();
      await revoke('Story');
      // Instances remember a key for up to a minute.
      await expect.poll(() => statusWith(key), { timeout: 90_000, interval: 1_000 }).toBe(401);
      const again = await open('/tenants', key);
      await again.getByText('The key is not accepted anymore').waitFor();
    },
  );

  it('leads a customer to no other tenant, neither by an address nor by a request of its own', async () => {
    const other = world.tenants[0]?.tenantId ?? '';
    for (const path of [`/tenants/${other}`, `/ingestion/${other}?tab=ledger`]) {
      const page = await open(path, world.customerKey);
      await page.getByText('could not be loaded').first().waitFor();
      expect(await page.content()).not.toContain(world.tenants[0]?.displayName ?? '');
    }
    const asked = [
      'ingestion',
      'ingestion/ledger',
      'ingestion/gaps',
      'rejectedBodies',
      'subscriptions',
      'searches',
    ];
    const statuses = await Promise.all(
      asked.map(async (path) => {
        const url = `${world.baseUrl}/api/tenants/${other}/${path}`;
        return (await fetch(url, { headers: { 'x-api-key': world.customerKey } })).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([404]));
  });

  it('says that a key does not allow it, in place of the keys', async () => {
    const page = await open('/access', world.customerKey);
    await page.getByText('Your sign-in does not allow this').waitFor();
  });
});
