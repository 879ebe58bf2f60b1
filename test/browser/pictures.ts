/** `npm run pictures [-- NAME …]`: a picture of each view of the console in each state, in .auditkeep/pictures. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from '../local/build.ts';
import { projectFolder } from '../local/child.ts';
import { startStorage } from '../local/storage.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import type { View } from './view.ts';
import { views } from './views.ts';
import { startConsoleWorld, type ConsoleWorld } from './world.ts';

const folder = join(projectFolder, '.auditkeep', 'pictures');

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 360, height: 740 } },
] as const;

async function picture(browser: Browser, world: ConsoleWorld, view: View): Promise<void> {
  for (const { name, ...look } of looks) {
    const page = await browser.newPage({ ...look, timezoneId: 'Europe/Berlin' });
    await view.arrange?.(page);
    await page.goto(`${world.baseUrl}/console${view.path(world)}#key=${world.key}`);
    await view.act?.(page);
    await page.screenshot({ path: join(folder, `${view.name}-${name}.png`) });
    await page.close();
  }
}

async function main(names: readonly string[]): Promise<void> {
  const executable = await findBrowser();
  if (executable === undefined) throw new Error('There is no Chromium (Debian: apt-get install chromium).');
  await mkdir(folder, { recursive: true });
  await build();
  const storage = await startStorage();
  const world = await startConsoleWorld({
    connectionString: storage.connectionString,
    project: projectFolder,
  });
  const browser = await openBrowser(executable);
  try {
    for (const view of views.filter(({ name }) => names.length === 0 || names.includes(name))) {
      await picture(browser, world, view);
      console.log(view.name);
    }
  } finally {
    await browser.close();
    await world.stop();
    await storage.stop();
  }
}

await main(process.argv.slice(2));
