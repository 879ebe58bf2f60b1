/** A partner follows the link of a message to a finding, reads the record behind it, closes it with a reason, and makes a watch. */
import { expect, it } from 'vitest';
import * as z from 'zod';
import { linkOf } from '../../shared/channels/link.ts';
import { pathOfFinding } from '../../shared/channels/sources/finding.ts';
import { describeConsole } from './in-browser.ts';
import type { ConsoleWorld } from './world.ts';

const listSchema = z.object({
  value: z
    .array(
      z.object({
        id: z.string(),
        tenantId: z.string(),
        sentence: z.string(),
        rule: z.object({ title: z.string() }),
        records: z.array(z.object({ sentence: z.string() })),
      }),
    )
    .min(1),
});

async function call({ baseUrl, key }: ConsoleWorld, path: string, body?: object): Promise<unknown> {
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${baseUrl}/api/${path}`, { headers, ...sent });
  expect(response.ok).toBe(true);
  return await response.json();
}

describeConsole(
  'findings',
  ({ world, newPage, open }) => {
    const newest = async () => listSchema.parse(await call(world(), 'findings?state=new')).value[0];
    const linkTo = (finding: { tenantId: string; id: string } | undefined) => {
      const { tenantId = '', id: findingId = '' } = finding ?? {};
      return linkOf(`${world().baseUrl}/api`, { path: pathOfFinding({ tenantId, findingId }) }) ?? '';
    };

    it('are where the link of a message leads; the record is read, and the finding closed with a reason and reopened', async () => {
      const finding = await newest();
      const page = await newPage();
      await page.goto(`${linkTo(finding)}#key=${world().key}`);
      await page.getByRole('heading', { level: 1, name: finding?.rule.title ?? '' }).waitFor();
      await page
        .getByText(finding?.sentence ?? '')
        .first()
        .waitFor();
      const records = page.getByRole('region', { name: 'Records' });
      await records.getByRole('link').first().press('Enter');
      await page.getByRole('heading', { name: 'Record', exact: true }).waitFor();
      await page.getByText('When it happened').waitFor();
      await page.goBack();
      await page.getByLabel('Reason for closing it').fill('Agreed with the customer.');
      await page.getByLabel('Reason for closing it').press('Enter');
      const state = page.getByRole('region', { name: 'State' });
      await state.getByText('Reason: Agreed with the customer.').waitFor();
      expect(await state.locator(':focus').textContent()).toContain('Closed by');
      await page.getByRole('link', { name: 'Findings' }).last().click();
      await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
      await page.getByRole('combobox', { name: 'State' }).selectOption('Closed');
      await page.getByRole('grid', { name: 'Findings' }).getByRole('link').first().press('Enter');
      await page.getByRole('button', { name: 'Reopen' }).press('Enter');
      await page.getByRole('button', { name: 'Close the finding' }).waitFor();
    }, 120_000);

    it('come from watches: one is tried on earlier records, created from the pack, paused, and deleted', async () => {
      const { page, wrong } = await open(`/findings#key=${world().key}`);
      await page.getByRole('link', { name: 'Watches' }).press('Enter');
      await page.getByRole('link', { name: 'Create a watch' }).press('Enter');
      await page.getByLabel('Name', { exact: true }).fill('Mail only');
      await page.getByLabel('All rules, those included').press('Space');
      await page.getByLabel('Inbox rule forwards email outside').press('Space');
      await page.getByLabel('Mailbox read by someone new').press('Space');
      await page.getByRole('button', { name: 'Start the dry run' }).press('Enter');
      const result = page.getByRole('grid', { name: 'What it would have found' });
      for (const { displayName } of world().tenants.slice(0, -1))
        await result.getByText(displayName).waitFor();
      expect(await page.locator('#main').getByText('There would have been').textContent()).toMatch(
        /of [1-9][\d,]* records match/,
      );
      await page.getByRole('button', { name: 'Create the watch' }).press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Mail only' }).waitFor();
      await page.getByText('2 rules of the pack').waitFor();
      await page.getByRole('button', { name: 'Pause' }).press('Enter');
      await page.getByRole('button', { name: 'Resume' }).waitFor();
      await page.getByRole('button', { name: 'Delete' }).press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Watches' }).waitFor();
      await page.getByRole('link', { name: 'Pack' }).waitFor();
      expect(await page.getByRole('link', { name: 'Mail only' }).count()).toBe(0);
      expect(wrong).toEqual([]);
    }, 120_000);

    it('of others are nothing that the key of a customer sees', async () => {
      const finding = await newest();
      const { page } = await open(
        `/findings/${finding?.tenantId ?? ''}/${finding?.id ?? ''}#key=${world().customerKey}`,
      );
      await page.getByText('could not be loaded').waitFor();
      expect(await page.content()).not.toContain(finding?.sentence);
      const { page: list } = await open(`/findings#key=${world().customerKey}`);
      await list.getByText('No finding fits these filters').waitFor();
    }, 60_000);
  },
  {
    withRecords: true,
    beforeRecords: async (world) => {
      await call(world, 'watches', { displayName: 'Pack', pack: ['*'] });
    },
  },
);
