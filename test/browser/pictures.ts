/** `npm run pictures [-- NAME …]`: a picture of each view of the console in each state, in .auditkeep/pictures. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from '../local/build.ts';
import { projectFolder } from '../local/child.ts';
import { startStorage } from '../local/storage.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { addressOf, type View } from './view.ts';
import { searchViews } from './search-views.ts';
import { views, viewSettings } from './views.ts';
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
    await page.goto(addressOf(world, view));
    await view.act?.(page);
    await page.screenshot({ path: join(folder, `${view.name}-${name}.png`) });
    await page.close();
  }
}

async function pictures(executable: string, wanted: readonly View[], isAudited: boolean): Promise<void> {
  if (wanted.length === 0) return;
  const storage = await startStorage();
  const { connectionString } = storage;
  // As tests have it: the views without records are those of a deployment with Entra ID.
  const settings = isAudited ? {} : viewSettings;
  const world = await startConsoleWorld({ connectionString, project: projectFolder, isAudited, settings });
  if (isAudited) await world.collect();
  const browser = await openBrowser(executable);
  try {
    for (const view of wanted) {
      await picture(browser, world, view);
      console.log(view.name);
    }
  } finally {
    await browser.close();
    await world.stop();
    await storage.stop();
  }
}

async function main(names: readonly string[]): Promise<void> {
  const executable = await findBrowser();
  if (executable === undefined) throw new Error('There is no Chromium (Debian: apt-get install chromium).');
  await mkdir(folder, { recursive: true });
  await build();
  const wanted = (all: readonly View[]) =>
    all.filter(({ name }) => names.length === 0 || names.includes(name));
  await pictures(executable, wanted(views), false);
  await pictures(executable, wanted(searchViews), true);
}

await main(process.argv.slice(2));
