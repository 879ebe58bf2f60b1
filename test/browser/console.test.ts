/** The console in a real browser, against the local host and the simulator. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeConsole } from './in-browser.ts';

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Client key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor({ state: 'detached' });
}

const stored = (page: Page) => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');

describeConsole('the console', ({ world, newPage, open }) => {
  it('turns auditing on: sign in, preview, confirm, leave, come back, and watch it end', async () => {
    const { page, wrong } = await open('');
    await signIn(page, world().key);
    await page.getByRole('link', { name: world().tenants[0]?.displayName ?? '' }).click();
    await page.getByRole('tab', { name: 'Auditing' }).click();
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    await page.getByText('The preview is complete').first().waitFor();
    expect(await page.getByText(/changes would be made/).textContent()).toMatch(/^\d+ changes/);
    expect(await page.getByText('Would change').count()).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Turn auditing on' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn auditing on' }).click();
    await page.getByRole('heading', { level: 1, name: 'Turning auditing on' }).waitFor();
    const address = page.url();
    await page.getByRole('link', { name: 'Tenants' }).first().click();
    await page.getByRole('grid', { name: 'Tenants' }).waitFor();
    await page.goBack();
    expect(page.url()).toBe(address);
    await page.getByText('Auditing is on').first().waitFor();
    expect(wrong).toEqual([]);
  });

  it('stores nothing and puts the key into no address, unless its user keeps the session in the tab', async () => {
    const { page } = await open('/tenants');
    await signIn(page, world().key);
    await page.getByRole('row').nth(1).waitFor();
    expect(await stored(page)).toBe('[{},{}]');
    expect(await page.content()).not.toContain(world().key);
    await page.getByText(/^Key /).click();
    await page.getByLabel('Keep me signed in in this tab').check();
    await page.reload();
    await page.getByRole('row').nth(1).waitFor();
    await page.getByText(/^Key /).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    expect(await stored(page)).toBe('[{},{}]');
    expect(await page.context().cookies()).toEqual([]);
  });

  it('signs in with a link, and takes its key out of the address and the history at once', async () => {
    const { page } = await open(`/tenants?show=consent#key=${world().key}`);
    await page.getByRole('row').nth(1).waitFor();
    expect(page.url()).toBe(`${world().baseUrl}/console/tenants?show=consent`);
    expect(await page.evaluate('history.length')).toBe(2);
  });

  it('says why a key is refused, and ends the session when it is refused later', async () => {
    const { page } = await open('/tenants');
    await page.getByLabel('Client key').fill('ak_wrong_key');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await signIn(page, world().key);
    await page.route('**/api/tenants/*', (route) =>
      route.fulfill({ status: 401, json: { error: { code: 'Unauthorized', message: 'No.' } } }),
    );
    await page.getByRole('link', { name: world().tenants[0]?.displayName ?? '' }).click();
    await page.getByText('The key is not accepted anymore').waitFor();
  });

  it('shows a customer its own tenant, and what its key does not allow', async () => {
    const { page } = await open(`/tenants#key=${world().customerKey}`);
    await page.getByRole('row').nth(1).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    const own = world().tenants.at(-1)?.displayName ?? '';
    await page.getByRole('link', { name: own }).click();
    const link = page.getByRole('button', { name: 'Create a consent link' });
    await page.getByText('This needs the scope tenants.manage').first().waitFor();
    expect(await link.getAttribute('aria-disabled')).toBe('true');
    expect(await page.getByRole('link', { name: 'Access' }).count()).toBe(0);
    const refused: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    await link.click({ force: true });
    await page.goto(`${world().baseUrl}/console/access#key=${world().customerKey}`);
    await page.getByText('Your sign-in does not allow this').waitFor();
    expect(refused).toEqual([]);
  });

  it('asks before a link replaces who is signed in, and does what its user says', async () => {
    const { page } = await open(`/tenants#key=${world().key}`);
    await page.getByRole('row').nth(2).waitFor();
    const follow = (key: string) => page.evaluate(`location.hash = ${JSON.stringify(`#key=${key}`)}`);
    const dialog = page.getByRole('dialog');
    await follow(world().customerKey);
    await dialog.waitFor();
    // What is pressed without reading changes nothing.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Stay signed in');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('row').count()).toBe(world().tenants.length + 1);
    expect(page.url()).toBe(`${world().baseUrl}/console/tenants`);
    await follow('ak_0123456789abcdef_none');
    await dialog.getByRole('button', { name: 'Switch' }).click();
    await dialog.getByText('You are still signed in as before').waitFor();
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    await follow(world().customerKey);
    await dialog.getByRole('button', { name: 'Switch' }).click();
    await page.getByText(world().tenants[0]?.displayName ?? '').waitFor({ state: 'detached' });
    await page.getByRole('row').nth(1).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
  });

  it('takes a malformed key out of the address as well, and says what is wrong', async () => {
    const { page } = await open('/tenants?show=gaps#key=not%20a%20key');
    await page.getByText('The link has no valid key').waitFor();
    expect(page.url()).toBe(`${world().baseUrl}/console/tenants?show=gaps`);
    expect(await page.evaluate('history.length')).toBe(2);
  });

  it('keeps the state of a view in its address: a reload and Back show the same', async () => {
    const { page } = await open(`/tenants#key=${world().key}`);
    await page.getByText(/^Key /).click();
    await page.getByLabel('Keep me signed in in this tab').check();
    await page.getByRole('button', { name: /Without consent/ }).click();
    await page.getByLabel('Find').fill('no such tenant');
    const empty = page.getByRole('heading', { name: 'No tenant fits these filters' });
    await empty.waitFor();
    await page.reload();
    await empty.waitFor();
    expect(await page.getByLabel('Find').inputValue()).toBe('no such tenant');
    await page.goBack();
    await page.getByText(`${world().tenants.length} tenants`, { exact: true }).waitFor();
  });

  it('is used with the keyboard: skip link, a table with one stop, focus on the heading of the next page', async () => {
    const { page } = await open(`/tenants#key=${world().key}`);
    // The order follows from several answers.
    await page.getByRole('row').last().getByText('Tailspin Travel').waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.getByRole('gridcell').first().getByRole('link').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Home');
    expect(await focused()).toBe('Tailspin Travel');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Checks' }).waitFor();
    expect(await focused()).toBe(await page.getByRole('heading', { level: 1 }).textContent());
  });

  it('loads at most 150 kB of scripts and styles at once, compressed, and keeps them', async () => {
    const page = await newPage();
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (request.url().includes('/console'))
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(`${world().baseUrl}/console/tenants#key=${world().key}`);
    await page.getByRole('row').nth(1).waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(20_000);
    expect(total).toBeLessThan(150_000);
  });
});
