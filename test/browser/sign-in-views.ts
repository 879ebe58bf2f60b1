/** The page on which people sign in, in each of its states, where Entra ID is offered. */
import type { Page } from 'playwright-core';
import { answering, row, type View } from './view.ts';

const said = (text: string) => (page: Page) => page.getByText(text).first().waitFor();

async function refuse(page: Page): Promise<void> {
  await page.getByLabel('Client key').fill('ak_0123456789abcdef_wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
}

/** The API refuses the next call of someone who is signed in. */
async function expire(page: Page): Promise<void> {
  await row(page);
  await answering('**', 401, { error: { code: 'Unauthorized', message: 'The key has expired.' } })(page);
  await page.getByRole('link', { name: 'Ingestion', exact: true }).click();
  await page.getByText('The key is not accepted anymore').waitFor();
}

/** No answer of the service, as long as the page is open. */
async function leave(page: Page): Promise<void> {
  await page.route('**/openid-configuration', () => undefined);
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await page.getByText('Going to Microsoft').waitFor();
}

async function fail(page: Page): Promise<void> {
  await page.route('**/openid-configuration', (route) => route.abort());
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
  await page.getByText('did not answer').waitFor();
}

const signedOut = { path: () => '/tenants', isSignedOut: true } as const;

export const signInViews: readonly View[] = [
  { ...signedOut, name: 'sign-in-entra', act: said('Sign in with Microsoft') },
  { ...signedOut, name: 'sign-in-refused', act: refuse },
  { name: 'sign-in-expired', path: () => '/tenants', act: expire },
  { ...signedOut, name: 'sign-in-leaving', act: leave },
  { ...signedOut, name: 'sign-in-unreachable', act: fail },
  {
    ...{ ...signedOut, name: 'sign-in-interrupted', path: () => '/tenants#code=stolen&state=eyJ9' },
    act: said('The sign-in was not finished'),
  },
  {
    ...{ ...signedOut, name: 'sign-in-malformed-link', path: () => '/tenants#key=cut' },
    act: said('The link has no valid key'),
  },
];
