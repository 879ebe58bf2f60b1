/** Client keys in the console: what a key sees that was created there, and until when. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeConsole } from './in-browser.ts';

type Open = (path: string, key: string) => Promise<Page>;

async function createKeyFor(open: Open, { key, tenant }: { key: string; tenant: string }): Promise<string> {
  const page = await open('/access/keys/new', key);
  await page.getByLabel('Name', { exact: true }).fill('Story');
  await page.getByLabel('Tenants', { exact: true }).selectOption({ label: tenant });
  expect(await page.getByLabel(/keys\.manage/).count()).toBe(0);
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByRole('button', { name: 'Copy: Client key' }).waitFor();
  return (await page.locator('code.secret').textContent()) ?? '';
}

async function revoke(open: Open, { key, name }: { key: string; name: string }): Promise<void> {
  const page = await open('/access', key);
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
}

describeConsole('client keys', ({ world, open: openPage }) => {
  const open: Open = async (path, key) => (await openPage(`${path}#key=${key}`)).page;

  const statusOf = async (path: string, key: string) =>
    (await fetch(`${world().baseUrl}/api/${path}`, { headers: { 'x-api-key': key } })).status;

  it('creates a key that sees only its tenant, and nothing after it is revoked', async () => {
    const [first] = world().tenants;
    const key = await createKeyFor(open, { key: world().key, tenant: first?.displayName ?? '' });
    const page = await open('/tenants', key);
    await page.getByRole('row').nth(1).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.getByRole('link', { name: first?.displayName ?? '' }).waitFor();
    await revoke(open, { key: world().key, name: 'Story' });
    // The app may take a key for a minute after it is revoked (docs/access.md).
    await expect.poll(() => statusOf('tenants', key), { timeout: 90_000 }).toBe(401);
    const again = await open('/tenants', key);
    await again.getByText('The key is not accepted anymore').waitFor();
  }, 180_000);

  it('says that a key does not allow it, in place of the keys', async () => {
    const page = await open('/access', world().customerKey);
    await page.getByText('Your sign-in does not allow this').waitFor();
  });
});
