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
      const { page } = await open('/tenants');
      const answers: number[] = [];
      page.on('response', (response) => {
        // Everyone may have the icon.
        if (/\/api\/(?!connector\/icon)/.test(response.url())) answers.push(response.status());
      });
      await signInAs(page, `reader@${world().strangers[0]?.domain ?? ''}`);
      await page.getByText('This app does not accept your account').waitFor();
      expect([...new Set(answers)]).toEqual([401]);
      expect(await stored(page, 'sessionStorage')).not.toContain('secret');
    });

    it.each([
      ['Cancel', 'The sign-in was canceled at Microsoft', 'AADSTS65004'],
      ['An administrator has to consent', 'Your organization has not consented to this app', 'AADSTS90094'],
      ['No role is assigned', 'Your organization has assigned you no role', 'AADSTS50105'],
      ['A policy blocks it', 'A policy of your organization does not allow this sign-in', 'AADSTS53003'],
    ])('says what to do after: %s', async (answer, said, code) => {
      const { page, wrong } = await open('/tenants?sort=name');
      await signInAs(page, answer);
      await page.getByRole('note').filter({ hasText: said }).filter({ hasText: code }).waitFor();
      expect(page.url()).toBe(`${world().baseUrl}/console/tenants?sort=name`);
      expect(wrong).toEqual([]);
      await signInAs(page, `reader@${world().tenants[0]?.domain ?? ''}`);
      await page.getByRole('row').nth(1).waitFor();
    });

    it('says that the service did not answer, and signs in when it does', async () => {
      const { page } = await open('/tenants');
      await page.route(/^https:/, (route) => route.abort());
      await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
      await page.getByText('The service that you sign in to did not answer').waitFor();
      await page.unroute(/^https:/);
      await signInAs(page, `reader@${world().tenants[0]?.domain ?? ''}`);
      await page.getByRole('row').nth(1).waitFor();
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
  { settings: { AUDITKEEP_CONSOLE_SIGN_IN: 'enterprise' }, strangers: 1 },
);
