/** The docs page in a real browser, against the local host. */
import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { allOperations } from '../../../shared/api/all.ts';
import { createKey } from '../../../scripts/key/create-key.ts';
import { startHost, type HostProcess } from '../../local/host-process.ts';
import { buildApp } from '../../support/built-app.ts';
import { settings } from '../../support/registered.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import { findBrowser, openBrowser, watchPage } from '../../support/browser.ts';

const executable = await findBrowser();

let storage: TestStorage;
let folder: string;
let host: HostProcess;
let browser: Browser | undefined;
let key: string;

beforeAll(async () => {
  storage = await openStorage();
  folder = await buildApp();
  const env = { ...settings, AzureWebJobsStorage: storage.connectionString };
  host = await startHost({ project: folder, env, script: await bundledHost() });
  const { connectionString } = storage;
  const scopes = ['records.read'] as const;
  key = await createKey({
    storage: { kind: 'connectionString', connectionString },
    name: 'docs page',
    tenants: '*',
    scopes,
  });
  if (executable !== undefined) browser = await openBrowser(executable);
});

afterAll(async () => {
  await browser?.close();
  await host.stop();
  await storage.close();
  await rm(folder, { recursive: true });
});

/** The page, and what went wrong in it so far. */
async function open(viewport = { width: 1280, height: 900 }) {
  if (browser === undefined) throw new Error('There is a browser.');
  const page = await browser.newPage({ viewport });
  onTestFinished(() => page.close());
  const wrong = watchPage(page, host.baseUrl);
  await page.goto(`${host.baseUrl}/api/docs`);
  await page.getByRole('button', { name: 'List records of several tenants' }).waitFor();
  return { page, wrong };
}

/** Of the operations that a search found; webhooks are below them. */
const titles = (page: Page) =>
  page.locator('.opblock-tag-section .opblock-summary-description').allTextContents();

/** The groups, from the first to the last: only those in view are in the page. */
async function groupsBelow(page: Page): Promise<ReadonlySet<string>> {
  const groups = new Set<string>();
  for (let atEnd = false; !atEnd;) {
    atEnd = await page.evaluate<boolean>(
      'document.querySelector("#operations").getBoundingClientRect().bottom < innerHeight',
    );
    for (const group of await page.locator('#operations .opblock-tag').all())
      groups.add((await group.getAttribute('data-tag')) ?? '');
    await page.mouse.wheel(0, 600);
    await page.evaluate('new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))');
  }
  return groups;
}

/** As people find an operation among so many. */
async function openOperation(page: Page, name: string): Promise<void> {
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('button', { name }).first().press('Enter');
}

/** By keyboard alone. */
async function authorize(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Authorize' }).first().press('Enter');
  await page.locator('#api_key_value').fill(key);
  await page.locator('#api_key_value').press('Enter');
  await page.getByRole('button', { name: 'Close' }).first().press('Enter');
}

const title =
  executable === undefined
    ? 'the docs page in a browser: not tested, because there is no Chromium (Debian: apt-get install chromium)'
    : 'the docs page in a browser';

describe.skipIf(executable === undefined)(title, () => {
  it('shows every group, breaks no policy, and calls no one else', async () => {
    const { page, wrong } = await open();
    const groups = await groupsBelow(page);
    expect(groups).toEqual(new Set(allOperations().map(({ area }) => area)));
    expect(wrong).toEqual([]);
  });

  it('searches titles, paths, and parameters, by several words', async () => {
    const { page, wrong } = await open();
    const search = page.getByRole('searchbox');
    await search.fill('exports cancel');
    await expect.poll(() => titles(page)).toEqual(['Cancel an export', 'Cancel a bundle']);
    await search.fill('groupBy');
    await expect.poll(() => titles(page)).toEqual(['Count records of several tenants', 'Count records']);
    await search.fill('no such thing');
    await expect.poll(() => titles(page)).toEqual([]);
    expect(wrong).toEqual([]);
  });

  it('sends the key to this app only, in a header, and shows the answer; nothing is stored', async () => {
    const { page, wrong } = await open();
    await authorize(page);
    await openOperation(page, 'List tenants');
    expect(await page.locator('.curl-line pre').first().textContent()).toContain('$AUDITKEEP_KEY');
    const sent = page.waitForRequest((request) => request.url().includes('/api/tenants'));
    await page.getByRole('button', { name: 'Execute' }).press('Enter');
    expect(await (await sent).headerValue('x-api-key')).toBe(key);
    const answer = page.locator('.live-responses-table .response-col_description .microlight').first();
    await answer.waitFor();
    expect(JSON.parse((await answer.textContent()) ?? '')).toEqual({ value: [] });
    expect(await page.content()).not.toContain(key);
    expect(page.url()).not.toContain(key);
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).toBe(
      '[{},{}]',
    );
    expect(await page.context().cookies()).toEqual([]);
    expect(wrong).toEqual([]);
  });

  it('fits a small screen', async () => {
    const { page, wrong } = await open({ width: 360, height: 740 });
    await openOperation(page, 'List records');
    await page.getByRole('button', { name: 'Execute' }).waitFor();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    expect(wrong).toEqual([]);
  });
});

describe('the files of the docs page', () => {
  it('are kept forever under the hash of their content, compressed, and under no other name', async () => {
    const html = await (await fetch(`${host.baseUrl}/api/docs`)).text();
    const addresses = [...html.matchAll(/"(docs\/[^"]+)"/g)].map(([, address]) => address ?? '');
    expect(addresses).toHaveLength(2);
    for (const address of addresses) {
      const answer = await fetch(`${host.baseUrl}/api/${address}`);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('content-encoding')).toBe('gzip');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      const plain = await fetch(answer.url, { headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(await plain.text()).toBe(await answer.text());
      const other = await fetch(answer.url.replace(/docs\/\w+/, 'docs/0000000000000000'));
      expect([other.status, other.headers.get('cache-control')]).toEqual([404, 'no-store']);
    }
  });
});
