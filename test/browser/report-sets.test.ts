/** Reports on several tenants in the console: a partner starts them, watches them end, and reads one; a customer sees its own. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { describeConsole } from './in-browser.ts';

const kind = 'Activity of privileged users';
const inSet = z.object({ tenants: z.array(z.object({ displayName: z.string() })) });

async function startOnAll(page: Page): Promise<void> {
  await page.getByLabel('Tenants', { exact: true }).selectOption('All tenants');
  await page.getByLabel('Report', { exact: true }).selectOption(kind);
  await page.getByRole('button', { name: 'Start the reports' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: kind }).waitFor();
}

/** The JSON document of all tenants. */
async function downloaded(page: Page): Promise<unknown> {
  await page.getByLabel('Form', { exact: true }).selectOption('JSON');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).press('Enter'),
  ]);
  expect(download.suggestedFilename()).toMatch(/^report-privilegedActivity-several-tenants-.+\.json$/);
  return JSON.parse(await readFile(await download.path(), 'utf8'));
}

describeConsole('reports on several tenants', ({ world, open }) => {
  const namesOf = () => world().tenants.map(({ displayName }) => displayName);

  it('are started by a partner for all, watched to their end, left, and found again; each leads to that of a tenant', async () => {
    const { page, wrong } = await open(`/reports#key=${world().key}`);
    await startOnAll(page);
    const address = page.url();
    expect(address).toMatch(/\/console\/reports\/sets\/[0-9a-f-]{36}$/);
    await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 120_000 });
    const table = page.getByRole('grid', { name: 'Tenants' });
    for (const name of namesOf()) await table.getByRole('link', { name }).waitFor();
    const content = inSet.parse(await downloaded(page));
    expect(content.tenants.map(({ displayName }) => displayName).sort()).toEqual([...namesOf()].sort());
    await page.getByRole('link', { name: 'Reports' }).first().click();
    const earlier = page.getByRole('grid', { name: 'Earlier reports on several tenants' });
    await earlier.getByRole('link', { name: kind }).press('Enter');
    await table.waitFor();
    expect(page.url()).toBe(address);
    const [first = ''] = namesOf();
    await table.getByRole('link', { name: first }).press('Enter');
    await page.getByRole('region', { name: 'About this report' }).getByText('Records read').waitFor();
    await page.getByText(first).first().waitFor();
    expect(page.url()).toContain(`/console/reports/${world().tenants[0]?.tenantId ?? ''}/`);
    expect(wrong).toEqual([]);
  }, 240_000);

  it('are nothing that the key of a customer sees: only the report on its own tenant', async () => {
    const partner = await open(`/reports#key=${world().key}`);
    await startOnAll(partner.page);
    await partner.page.getByText('Done', { exact: true }).first().waitFor({ timeout: 120_000 });
    const path = new URL(partner.page.url()).pathname.replace('/console', '');
    const others = namesOf().slice(0, -1);
    const refused = await open(`${path}#key=${world().customerKey}`);
    await refused.page.getByText('could not be loaded').waitFor();
    const own = await open(`/reports#key=${world().customerKey}`);
    const list = own.page.getByRole('grid', { name: 'Earlier reports' });
    await list.getByRole('link', { name: kind }).first().waitFor();
    expect(await own.page.getByLabel('Tenants', { exact: true }).count()).toBe(0);
    for (const { page } of [refused, own]) {
      const shown = await page.content();
      expect(others.filter((name) => shown.includes(name))).toEqual([]);
    }
  }, 240_000);
});
