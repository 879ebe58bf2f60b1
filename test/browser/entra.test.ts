/** Signing in to the console with Microsoft Entra ID, against the simulated sign-in service over HTTPS. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeConsole } from './in-browser.ts';

async function signInAs(page: Page, person: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await page.getByRole('link', { name: person }).click();
}

const stored = (page: Page, where: 'localStorage' | 'sessionStorage') =>
  page.evaluate(`JSON.stringify({ ...${where} })`);

describeConsole(
  'signing in with Entra ID',
  ({ world, newPage }) => {
    /** The simulator's certificate is its own. */
    const open = async (path: string) => {
      const page = await newPage({ ignoreHTTPSErrors: true });
      const wrong: string[] = [];
      page.on('console', (message) => {
        // The page of the simulator has no icon.
        if (message.type() === 'error' && message.location().url.startsWith(world().baseUrl))
          wrong.push(message.text());
      });
      page.on('pageerror', (error) => wrong.push(String(error)));
      await page.goto(`${world().baseUrl}/console${path}`);
      return { page, wrong };
    };

    it('returns to the page that was opened, as a customer who sees its own tenant by its role', async () => {
      const own = world().tenants[0];
      const { page, wrong } = await open('/tenants?sort=name');
      const loaded: string[] = [];
      const answers: Promise<string>[] = [];
      page.on('response', (response) => {
        if (response.url().includes('/api/')) answers.push(response.text().catch(() => ''));
        loaded.push(response.url());
      });
      await signInAs(page, `reader@${own?.domain ?? ''}`);
      await page.getByRole('link', { name: own?.displayName ?? '' }).waitFor();
      expect(await page.getByRole('row').count()).toBe(2);
      expect(page.url()).toBe(`${world().baseUrl}/console/tenants?sort=name`);
      await page.locator('.account summary').click();
      await page.getByText('User of Microsoft Entra ID').waitFor();
      expect(await page.getByRole('link', { name: 'Access' }).count()).toBe(0);
      const seen = [await page.content(), ...(await Promise.all(answers))].join('\n');
      expect(
        world()
          .tenants.slice(1)
          .filter(({ displayName }) => seen.includes(displayName)),
      ).toEqual([]);
      expect(await stored(page, 'localStorage')).not.toContain('eyJ');
      expect(wrong).toEqual([]);
      await page.reload();
      await page.getByRole('link', { name: own?.displayName ?? '' }).waitFor();
      await page.locator('.account summary').click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('You are signed out.').waitFor();
      expect(await stored(page, 'sessionStorage')).not.toContain('secret');
      await page.reload();
      await page.getByRole('button', { name: 'Sign in with Microsoft' }).waitFor();
    });

    it('tells someone without a role that there is nothing to see', async () => {
      const { page } = await open('');
      await signInAs(page, `powerless@${world().tenants[0]?.domain ?? ''}`);
      await page.getByText('Your sign-in does not allow this').waitFor();
    });

    it('accepts no account of an organization that is not a customer', async () => {
      const { page } = await open('');
      await page.route('**/api/me', (route) =>
        route.fulfill({ status: 401, json: { error: { code: 'Unauthorized', message: 'No.' } } }),
      );
      await signInAs(page, `reader@${world().tenants[0]?.domain ?? ''}`);
      await page.getByText('This app does not accept your account').waitFor();
    });

    it('signs in after an attempt from which no one came back, and tells the service no address of a page', async () => {
      const { page } = await open('/search?actor=ann');
      await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
      await page.getByRole('link', { name: 'reader@' }).first().waitFor();
      expect(decodeURIComponent(page.url())).not.toContain('ann');
      await page.goto(`${world().baseUrl}/console/tenants`);
      await signInAs(page, `reader@${world().tenants[0]?.domain ?? ''}`);
      await page.getByRole('row').nth(1).waitFor();
    });

    it('asks before a link with a key replaces who is signed in, also when the page is loaded again', async () => {
      const { page } = await open('/tenants');
      await signInAs(page, `reader@${world().tenants[0]?.domain ?? ''}`);
      await page.getByRole('row').nth(1).waitFor();
      await page.goto('about:blank');
      await page.goto(`${world().baseUrl}/console/tenants#key=${world().key}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Stay signed in' }).click();
      await page
        .getByText(`reader@${world().tenants[0]?.domain ?? ''}`)
        .first()
        .waitFor();
    });

    it('takes no answer that this tab did not ask for', async () => {
      const { page } = await open('/tenants#code=stolen&state=eyJ9');
      await page.getByText('The sign-in was not finished').waitFor();
      expect(page.url()).toBe(`${world().baseUrl}/console/tenants`);
    });
  },
  { settings: { AUDITKEEP_CONSOLE_SIGN_IN: 'enterprise' } },
);
