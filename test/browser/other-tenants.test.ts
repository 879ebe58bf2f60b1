/** A customer in the console: whatever it opens or sends, it learns nothing of another tenant. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import type { Page, Response } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../shared/api/all.ts';
import { projectFolder } from '../local/child.ts';
import { describeConsole } from './in-browser.ts';
import type { ConsoleWorld } from './world.ts';

const pagesAtOnce = 4;

describeConsole('a customer', ({ world, newPage }) => {
  /** May do in its one tenant whatever a key for one tenant can do. */
  let customer: { readonly key: string; readonly tenantId: string };
  let other: ConsoleWorld['tenants'][number];

  beforeAll(async () => {
    const [first, second] = world().tenants;
    if (first === undefined || second === undefined) throw new Error('There are several tenants.');
    other = first;
    customer = { key: await keyFor(second.tenantId), tenantId: second.tenantId };
  });

  async function keyFor(tenants: string): Promise<string> {
    const scopes = ['records.read', 'tenants.manage', 'auditing.enable', 'access.read'];
    const response = await fetch(`${world().baseUrl}/api/keys`, {
      method: 'POST',
      headers: { 'x-api-key': world().key, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Customer', tenants, scopes }),
    });
    return z.object({ key: z.string() }).parse(await response.json()).key;
  }

  /** Every page of the console, as its areas list them, so that a new one cannot be forgotten. */
  async function addresses(): Promise<readonly string[]> {
    const source = await readFile(join(projectFolder, 'console/shell/areas.tsx'), 'utf8');
    const paths = [...source.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
    const named = ['tenant', 'tenants', 'of', 'id'].map((name) => `${name}=${other.tenantId}`).join('&');
    return paths.map((path) => {
      const at = path.replace(':tenantId', other.tenantId).replaceAll(/:\w+/g, () => randomUUID());
      return path.includes(':tenantId') ? at : `${at}?${named}`;
    });
  }

  /** A page of the customer, and all that the API answers to it. */
  async function open(path: string, arrange?: (page: Page) => Promise<void>) {
    const page = await newPage();
    const answers: Promise<string>[] = [];
    page.on('response', (response: Response) => {
      if (response.url().includes('/api/')) answers.push(response.text().catch(() => ''));
    });
    await arrange?.(page);
    await page.goto(`${world().baseUrl}/console${path}#key=${customer.key}`, { waitUntil: 'networkidle' });
    return { page, answers };
  }

  /** What would reveal a customer. Its ID is in addresses that were typed, so it proves nothing. */
  const tellTales = () =>
    world()
      .tenants.filter(({ tenantId }) => tenantId !== customer.tenantId)
      .map(({ displayName }) => displayName);

  async function expectNothingOfOthers(page: Page, answers: readonly Promise<string>[]): Promise<void> {
    const seen = [await page.content(), ...(await Promise.all(answers))].join('\n');
    expect(tellTales().filter((name) => seen.includes(name))).toEqual([]);
  }

  /** What a page gets when it sends a request of its own. */
  async function sentFrom(
    page: Page,
    method: string,
    path: string,
  ): Promise<{ status: number; body: string }> {
    const asked: unknown = await page.evaluate(
      `fetch(${JSON.stringify(`/api/${path}`)}, {
      method: ${JSON.stringify(method)},
      headers: { 'x-api-key': ${JSON.stringify(customer.key)}, 'content-type': 'application/json' },
      ${['GET', 'DELETE'].includes(method) ? '' : "body: '{}',"}
    }).then(async (answer) => ({ status: answer.status, body: await answer.text() }))`,
    );
    return z.object({ status: z.number(), body: z.string() }).parse(asked);
  }

  it('sees its own tenant, so that the following is not for lack of data', async () => {
    const { page, answers } = await open(`/tenants/${customer.tenantId}`);
    await page.getByRole('heading', { name: world().tenants[1]?.displayName ?? '' }).waitFor();
    await expectNothingOfOthers(page, answers);
  });

  it('is led to no other tenant by the address of any page', async () => {
    const opened = await addresses();
    expect(opened.length).toBeGreaterThan(10);
    await pMap(
      opened,
      async (path) => {
        const { page, answers } = await open(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await expectNothingOfOthers(page, answers);
        await page.close();
      },
      { concurrency: pagesAtOnce },
    );
  }, 180_000);

  it('gets no other tenant with requests that are edited on their way', async () => {
    for (const path of [`/tenants/${customer.tenantId}`, `/ingestion/${customer.tenantId}`]) {
      const { page, answers } = await open(path, async (opened) => {
        await opened.route('**/api/tenants/**', (route) =>
          route.continue({ url: route.request().url().replace(customer.tenantId, other.tenantId) }),
        );
      });
      await page.getByText('could not be loaded').first().waitFor();
      await expectNothingOfOthers(page, answers);
    }
  });

  it('is answered by every operation on another tenant as on one that does not exist', async () => {
    const { page } = await open('/tenants');
    const operations = allOperations().filter(({ route }) => route.includes('{tenantId}'));
    expect(operations.length).toBeGreaterThan(30);
    for (const { id, method, route } of operations) {
      const to = (tenantId: string) =>
        route.replace('{tenantId}', tenantId).replaceAll(/\{\w+\}/g, '11111111-2222-4333-8444-555555555555');
      const theirs = await sentFrom(page, method, to(other.tenantId));
      const missing = await sentFrom(page, method, to(randomUUID()));
      expect([id, theirs.status, theirs.body]).toEqual([id, missing.status, missing.body]);
      expect([id, [403, 404].includes(theirs.status)]).toEqual([id, true]);
    }
  });

  it('is shown what it may do, and neither the buttons nor the pages of what it may not', async () => {
    const { page } = await open('/tenants');
    await page.getByRole('row').nth(1).waitFor();
    expect(await page.getByRole('link', { name: 'Onboard tenants' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Access' }).click();
    await page.getByRole('tab', { name: 'Access log' }).waitFor();
    expect(await page.getByRole('tab').count()).toBe(1);
    expect(await page.getByRole('link', { name: 'Create a key' }).count()).toBe(0);
    await page.getByText(/^Key /).click();
    await page.getByText('records.read, tenants.manage').waitFor();
  });
});
