/** A browser of this machine, and everything that a page must not do in it. */
import { access } from 'node:fs/promises';
import { chromium, type Browser, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns undefined where no browser is installed (Debian: `apt-get install chromium`) */
export async function findBrowser(): Promise<string | undefined> {
  const found = await Promise.all(
    places.map((path) =>
      access(path).then(
        () => path,
        () => undefined,
      ),
    ),
  );
  return found.find((path) => path !== undefined);
}

/** The tests open only their own server, and often run as root, which Chromium refuses to sandbox. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** @returns a list that grows: errors in the console, among them violations of the policy, and calls to other servers */
export function watchPage(page: Page, origin: string): readonly string[] {
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== origin) wrong.push(`called ${url.href}`);
  });
  return wrong;
}
