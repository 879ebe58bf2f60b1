/** Searching in the console as people do it: with clicks and keys only. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { describeConsole } from './in-browser.ts';
import { pageOfMany } from './many-records.ts';
import type { ConsoleWorld } from './world.ts';

const rowsSchema = z.array(z.object({ record: z.string(), cells: z.array(z.string()) }));
type Rows = z.infer<typeof rowsSchema>;

/** Rows that exist now: the record that each opens, and the texts of its cells. */
async function rowsIn(page: Page): Promise<Rows> {
  const found: unknown = await page.evaluate(`
    [...document.querySelectorAll('[aria-label=Records] .table-body [role=row]')].map((row) => ({
      record: new URL(row.querySelector('a').href).searchParams.get('record'),
      cells: [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent),
    }))`);
  return rowsSchema.parse(found);
}

/** The rows of the list from its first to its last, as they are shown. */
async function allRows(page: Page): Promise<Rows> {
  const said = await page.getByText(/^[\d,]+ records\./).textContent();
  const count = Number(/^[\d,]+/.exec(said ?? '')?.[0].replaceAll(',', ''));
  const rows = new Map<string, Rows[number]>();
  await expect
    .poll(async () => {
      for (const row of await rowsIn(page)) rows.set(row.record, row);
      await page.keyboard.press('PageDown');
      return rows.size;
    })
    .toBe(count);
  return [...rows.values()];
}

/** The most frequent one. */
function usual(texts: readonly string[]): string {
  const countOf = (text: string) => texts.filter((one) => one === text).length;
  return texts.reduce((most, one) => (countOf(one) > countOf(most) ? one : most), '');
}

/** Scrolls through the list in 600 frames: the length of the longest and of the 99th percentile, in milliseconds. */
async function framesOf(page: Page): Promise<unknown> {
  return await page.evaluate(`new Promise((resolve) => {
    const grid = document.querySelector('[aria-label=Records]');
    const lengths = [];
    let before = performance.now();
    const step = (now) => {
      lengths.push(now - before);
      before = now;
      if (lengths.length > 600) {
        const sorted = lengths.slice(1).sort((a, b) => a - b);
        resolve({ rows: grid.ariaRowCount, longest: sorted.at(-1), p99: sorted[593], median: sorted[300] });
        return;
      }
      grid.scrollTop = (grid.scrollHeight * lengths.length) / 600;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}

/** Within what is shown of all that scrolls it sideways: no one has to look for it. */
async function isInSight(shown: Locator): Promise<boolean> {
  const place = await shown.boundingBox();
  const frame = await shown.locator('xpath=ancestor::*[@role="region"][1]').boundingBox();
  if (place === null || frame === null) return false;
  return place.x >= frame.x && place.x + place.width <= frame.x + frame.width;
}

const tenantOf = (record: string) => record.split('/')[0];

const fileSchema = z.array(z.record(z.string(), z.string()));

async function downloaded(page: Page): Promise<z.infer<typeof fileSchema>> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const content = await readFile(await (await download).path(), 'utf8');
  return fileSchema.parse(parse(content, { columns: true, bom: true }));
}

/** The bytes of a record as the API has them. @param record `{tenantId}/{id}` */
async function deliveredTo({ baseUrl, key }: ConsoleWorld, record: string): Promise<Buffer> {
  const [tenantId = '', recordId = ''] = record.split('/');
  const url = `${baseUrl}/api/tenants/${tenantId}/records/${recordId}/auditData`;
  return Buffer.from(await (await fetch(url, { headers: { 'x-api-key': key } })).arrayBuffer());
}

describeConsole(
  'a search',
  ({ world, open, newPage }) => {
    const search = async (query = '') => await open(`/search?range=days30${query}#key=${world().key}`);

    it('exports what is on screen: the same records, tenant by tenant, newest first, with its columns', async () => {
      const { page, wrong } = await search(
        '&actor=marta.kowal%40fabrikam.example,ingrid.falk%40adatum.example',
      );
      await page.getByText('Columns', { exact: true }).click();
      await page.getByLabel('Service', { exact: true }).check();
      await page.keyboard.press('Escape');
      await page.getByRole('gridcell').first().getByRole('link').focus();
      const shown = await allRows(page);
      await page.getByText('Export', { exact: true }).click();
      await page.getByRole('button', { name: 'Start the export' }).press('Enter');
      await page.getByText(`${shown.length} records`, { exact: true }).waitFor();
      const rows = await downloaded(page);
      expect(Object.keys(rows[0] ?? {})).toEqual([
        ...[
          'tenantId',
          'tenantDisplayName',
          'createdDateTime',
          'userId',
          'operation',
          'objectId',
          'clientIp',
        ],
        ...['service', 'id'],
      ]);
      const tenantIds = [...new Set(shown.map(({ record }) => tenantOf(record)))].sort();
      const expected = tenantIds.flatMap((id) => shown.filter(({ record }) => tenantOf(record) === id));
      expect(shown.length).toBeGreaterThan(40);
      expect(tenantIds).toHaveLength(2);
      expect(rows.map(({ tenantId, id }) => `${tenantId ?? ''}/${id ?? ''}`)).toEqual(
        expected.map(({ record }) => record),
      );
      expect(rows.map(({ userId, service }) => [userId, service])).toEqual(
        expected.map(({ cells }) => [cells[1], cells[6]]),
      );
      expect(wrong).toEqual([]);
    });

    it('leads from the sentence about the administrator who granted herself a mailbox to the record and its text', async () => {
      const story = world().tenants.find(({ displayName }) => displayName.startsWith('Fabrikam'));
      const { page, wrong } = await open(`/reports#key=${world().key}`);
      await page.getByLabel('Tenants', { exact: true }).selectOption({ label: story?.displayName ?? '' });
      await page.getByLabel('Report', { exact: true }).selectOption('Activity of privileged users');
      await page.getByLabel('Range (UTC)', { exact: true }).selectOption('Last 30 days');
      await page.getByRole('button', { name: 'Start the report' }).press('Enter');
      const said = page
        .getByRole('cell')
        .filter({ hasText: 'gave themselves FullAccess to the mailbox of helena.brandt@fabrikam.example' });
      const link = said.getByRole('link', { name: 'Open the record' });
      await link.waitFor();
      expect(await isInSight(link)).toBe(true);
      await link.press('Enter');
      const record = page.getByRole('region', { name: 'Record' });
      const sentence = record.locator('.sentence');
      await expect.poll(() => sentence.textContent()).toMatch(/marta\.kowal.*themselves.*helena\.brandt/);
      await record.getByText('Exactly as delivered').press('Enter');
      const text = await record.getByLabel('The record as delivered').textContent();
      expect(JSON.parse(text ?? '')).toMatchObject({
        ...{ Operation: 'Add-MailboxPermission', UserId: 'marta.kowal@fabrikam.example' },
      });
      expect(wrong).toEqual([]);
    });

    it('finds that record by filters as well', async () => {
      const { page } = await search();
      await page.getByText('More filters').click();
      await page.getByRole('textbox', { name: 'Mailboxes' }).fill('helena.brandt@fabrikam.example');
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: 'Activities' }).fill('Add-MailboxPermission');
      await page.keyboard.press('Enter');
      await page.getByText('1 record.').waitFor();
      await page.getByRole('gridcell').first().getByRole('link').press('Enter');
      await page
        .getByRole('region', { name: 'Record' })
        .getByText(/gave themselves/)
        .waitFor();
    });

    it('leads from a person who downloads much to the address, and to the other accounts at it', async () => {
      const { page, wrong } = await search();
      await page.getByRole('textbox', { name: 'People' }).fill('tobias.renner@fabrikam.example');
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: 'Counts', exact: true }).selectOption('By activity');
      const activities = page.getByRole('region', { name: 'Counts by activity' });
      await activities.getByRole('link').first().click();
      await page.getByText('/sites/Sales/').first().waitFor();
      const address = usual((await rowsIn(page)).map(({ cells }) => cells[5] ?? ''));
      await page.getByRole('row').filter({ hasText: address }).first().getByRole('gridcell').nth(1).click();
      await page.getByRole('link', { name: `Find all records with ${address}` }).click();
      await page.getByRole('combobox', { name: 'Counts', exact: true }).selectOption('By person');
      const people = page.getByRole('region', { name: 'Counts by person' });
      await people.getByRole('link', { name: 'tobias.renner@fabrikam.example' }).first().waitFor();
      await people.getByRole('link', { name: 'ines.calder@fabrikam.example' }).first().click();
      await page.getByText('/sites/Finance/').first().waitFor();
      expect([...new Set((await rowsIn(page)).map(({ cells }) => cells[1]?.toLowerCase()))]).toEqual([
        'ines.calder@fabrikam.example',
      ]);
      expect(wrong).toEqual([]);
    });

    it('is narrowed to a part of its time with the keyboard, and to a bar with the mouse', async () => {
      const { page } = await search('&service=SharePoint');
      const bars = page.getByRole('listbox', { name: 'Records over time' });
      await bars.focus();
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft'])
        await page.keyboard.press(key);
      const said = (await page.locator('.histogram-part p').textContent()) ?? '';
      await page.keyboard.press('Enter');
      await page.getByLabel('From (UTC)').first().waitFor();
      const counted = /: ([\d,]+) records$/.exec(said)?.[1] ?? '';
      await page.getByText(`${counted} records`, { exact: true }).first().waitFor();
      expect(new URL(page.url()).searchParams.get('range')).toBe('custom');
      const before = page.url();
      const { x = 0, y = 0, width = 0 } = (await bars.boundingBox()) ?? {};
      await page.mouse.move(x + width * 0.3, y + 20);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.6, y + 20);
      await page.mouse.up();
      await expect.poll(() => page.url()).not.toBe(before);
      await page.goBack();
      await expect.poll(() => page.url()).toBe(before);
    });

    it('takes what is typed, and shows its records, while the counts have no answer', async () => {
      const page = await newPage();
      await page.route('**/api/records/summary*', () => undefined);
      await page.goto(`${world().baseUrl}/console/search?range=days30#key=${world().key}`);
      await page.getByText('Loading counts').waitFor();
      await page.getByRole('textbox', { name: 'People' }).pressSequentially('marta.kowal@fabrikam.example');
      await page.keyboard.press('Enter');
      await expect
        .poll(async () => [...new Set((await rowsIn(page)).map(({ cells }) => cells[1]?.toLowerCase()))])
        .toEqual(['marta.kowal@fabrikam.example']);
    });

    it('is saved under a name, opened again, and deleted', async () => {
      const { page } = await search('&actor=marta.kowal%40fabrikam.example&service=Exchange');
      await page.getByText('Saved searches', { exact: true }).click();
      await page.getByLabel('Save this search as').fill('Marta in Exchange');
      await page.keyboard.press('Enter');
      const saved = page.getByRole('link', { name: 'Marta in Exchange' });
      await saved.waitFor();
      await page.getByRole('button', { name: 'Clear all filters' }).click();
      await page.getByText('Saved searches', { exact: true }).click();
      if (!(await saved.isVisible())) await page.getByText('Saved searches', { exact: true }).click();
      await saved.click();
      await page.getByRole('button', { name: /^Remove marta\.kowal/ }).waitFor();
      expect(new URL(page.url()).searchParams.get('service')).toBe('Exchange');
      await page.getByText('Saved searches', { exact: true }).click();
      await page.getByRole('button', { name: 'Delete Marta in Exchange' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('There are none yet').waitFor();
    });

    it('of one tenant is opened and deleted where only that tenant is searched', async () => {
      const { baseUrl, key, tenants } = world();
      const tenantId = tenants[0]?.tenantId ?? '';
      const own = `${baseUrl}/api/tenants/${tenantId}/searches/own`;
      const saved = await fetch(own, {
        method: 'PUT',
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify({ displayName: 'Own search', filters: { service: 'Exchange' } }),
      });
      expect(saved.ok).toBe(true);
      const { page, wrong } = await search(`&tenants=${tenantId}`);
      await page.getByText('Saved searches', { exact: true }).click();
      await page.getByRole('link', { name: 'Own search' }).press('Enter');
      await expect.poll(() => new URL(page.url()).searchParams.get('service')).toBe('Exchange');
      expect(new URL(page.url()).searchParams.get('tenants')).toBe(tenantId);
      await page.getByText('Saved searches', { exact: true }).click();
      await page.getByRole('button', { name: 'Delete Own search' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('This tenant has none of its own').waitFor();
      expect(wrong).toEqual([]);
    });

    it('becomes an investigation, which survives a reload and is exported with the hash of each pinned record', async () => {
      const { page, wrong } = await search('&actor=tobias.renner%40fabrikam.example');
      await page.getByRole('button', { name: 'Add to the investigation' }).click();
      await page.getByRole('gridcell').first().getByRole('link').press('Enter');
      await page.getByRole('button', { name: 'Pin the record to the investigation' }).click();
      const record = new URL(page.url()).searchParams.get('record') ?? '';
      await page.getByRole('link', { name: 'Investigation', exact: true }).click();
      await page.getByLabel('Note', { exact: true }).fill('<b>The first</b> one');
      await page.goto(`${world().baseUrl}/console/investigation#key=${world().key}`);
      await page
        .getByRole('region', { name: /tobias\.renner/ })
        .getByRole('row')
        .nth(1)
        .waitFor();
      await expect.poll(() => page.getByLabel('Note', { exact: true }).inputValue()).toContain('first');
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export as one document' }).click();
      const file = await readFile(await (await download).path());
      await page.getByText(createHash('sha256').update(file).digest('hex')).waitFor();
      const delivered = await deliveredTo(world(), record);
      const other = await newPage();
      await other.setContent(file.toString('utf8'));
      expect(await other.locator('dd code').allTextContents()).toEqual([
        createHash('sha256').update(delivered).digest('hex'),
      ]);
      expect(await other.locator('pre').first().textContent()).toBe(delivered.toString('utf8'));
      expect(await other.locator('pre.bytes').textContent()).toBe(delivered.toString('base64'));
      expect(await other.locator('.notes').textContent()).toBe('<b>The first</b> one');
      expect(wrong).toEqual([]);
    });

    it('loads at most 250,000 records, and says that there are more', async () => {
      const page = await newPage();
      const sizes = { count: 400_000, pageSize: 50_000 };
      await page.route('**/api/records?*', (route) =>
        route.fulfill({ json: pageOfMany(route.request().url(), sizes) }),
      );
      await page.goto(`${world().baseUrl}/console/search#key=${world().key}`);
      await page.getByRole('gridcell').first().getByRole('link').focus();
      const full = page.getByText(/^250,000 records, and more that are not listed/);
      await expect
        .poll(
          async () => {
            await page.keyboard.press('Control+End');
            return await full.count();
          },
          { timeout: 60_000, interval: 200 },
        )
        .toBe(1);
      await page.keyboard.press('Control+End');
      await page.getByText(/Report 249999/).waitFor();
      expect(await page.getByText('Loading more').count()).toBe(0);
    }, 120_000);

    it('shows its first records after at most two calls, and 10,000 with fewer than 2,000 nodes', async () => {
      const page = await newPage();
      await page.route('**/api/records?*', (route) =>
        route.fulfill({ json: pageOfMany(route.request().url(), { count: 10_000, pageSize: 200 }) }),
      );
      await page.goto(`${world().baseUrl}/console/investigation#key=${world().key}`);
      await page.getByRole('heading', { level: 1, name: 'Investigation' }).waitFor();
      // The search did not make the calls that the previous page still waits for.
      await page.waitForLoadState('networkidle');
      const calls: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/api/')) calls.push(request.url());
      });
      await page.getByRole('link', { name: 'Search', exact: true }).click();
      await page.getByRole('grid', { name: 'Records' }).getByRole('gridcell').first().waitFor();
      const first = calls.findIndex((url) => url.includes('/api/records?'));
      expect(first).toBeGreaterThanOrEqual(0);
      expect(first, calls.join('\n')).toBeLessThan(2);
      await page.getByRole('gridcell').first().getByRole('link').focus();
      let nodes = 0;
      await expect
        .poll(
          async () => {
            await page.keyboard.press('Control+End');
            nodes = Math.max(
              nodes,
              z.number().parse(await page.evaluate('document.querySelectorAll("*").length')),
            );
            return await page.getByText(/^10,000 records\./).count();
          },
          { timeout: 60_000, interval: 50 },
        )
        .toBe(1);
      expect(nodes).toBeLessThan(2000);
      // A figure, and no limit: it depends on the machine, and on what else runs there.
      if (process.env['AUDITKEEP_FRAMES'] === '1') console.log('frames', await framesOf(page));
    }, 120_000);
  },
  { withRecords: true },
);
