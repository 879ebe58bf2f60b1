/** A view of the console, and how tests bring it into a state. */
import type { Page } from 'playwright-core';
import type { ConsoleWorld } from './world.ts';

export interface View {
  /** Of its picture. */
  readonly name: string;
  /** Below /console. */
  readonly path: (world: ConsoleWorld) => string;
  /** Before it is opened: how the API is to answer. */
  readonly arrange?: (page: Page) => Promise<void>;
  /** When it is open, until it shows what it is named after. */
  readonly act?: (page: Page) => Promise<void>;
  /** No one is signed in when it is opened. */
  readonly isSignedOut?: true;
}

/** Where it is opened. */
export function addressOf(world: ConsoleWorld, { path, isSignedOut }: View): string {
  return `${world.baseUrl}/console${path(world)}${isSignedOut === true ? '' : `#key=${world.key}`}`;
}

export const idOf = ({ tenants }: ConsoleWorld, at: number) => tenants.at(at)?.tenantId ?? '';

/** Answers every call for this path otherwise. */
export function answering(path: string, status: number, body: object) {
  return async (page: Page): Promise<void> => {
    await page.route(`**/api/${path}`, (route) => route.fulfill({ status, json: body }));
  };
}

const refusal = (code: string, message: string) => ({ error: { code, message } });
export const outage = refusal('ServiceUnavailable', 'Storage does not answer. Try again later.');
export const forbidden = refusal('Forbidden', 'This needs the scope tenants.manage for all tenants.');

export const heading = (name: string) => (page: Page) =>
  page.getByRole('heading', { name }).first().waitFor();
export const row = (page: Page) => page.getByRole('row').nth(1).waitFor();
