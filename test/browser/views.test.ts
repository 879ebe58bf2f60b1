/** Every view of the console in each of its states: accessible, within the screen, and within the policy. */
import { rm } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findBrowser, openBrowser, watchPage } from '../support/browser.ts';
import { buildApp } from '../support/built-app.ts';
import { bundledHost } from '../support/run/bundle.ts';
import { openStorage, type TestStorage } from '../support/run/storage.ts';
import { views } from './views.ts';
import { startConsoleWorld, type ConsoleWorld } from './world.ts';

const executable = await findBrowser();

let storage: TestStorage;
let project: string;
let world: ConsoleWorld;
let browser: Browser;

beforeAll(async () => {
  if (executable === undefined) return;
  [storage, project] = [await openStorage(), await buildApp()];
  const { connectionString } = storage;
  world = await startConsoleWorld({ connectionString, project, script: await bundledHost() });
  browser = await openBrowser(executable);
});

afterAll(async () => {
  if (executable === undefined) return;
  await browser.close();
  await world.stop();
  await storage.close();
  await rm(project, { recursive: true });
});

const violationsSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** What axe finds, each with the elements. */
async function violationsIn(page: Page) {
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations)`,
  );
  return violationsSchema.parse(found).map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
}

const title =
  executable === undefined
    ? 'the views of the console: not tested, because there is no Chromium (Debian: apt-get install chromium)'
    : 'the views of the console';

const wide = { width: 1280, height: 860 };
const narrow = { width: 360, height: 740 };

describe.skipIf(executable === undefined)(title, () => {
  it.each(views)('$name is accessible, light and dark, wide and narrow', async ({ path, arrange, act }) => {
    const page = await browser.newPage({ viewport: wide, reducedMotion: 'reduce' });
    const wrong = watchPage(page, world.baseUrl);
    await arrange?.(page);
    await page.goto(`${world.baseUrl}/console${path(world)}#key=${world.key}`);
    await act?.(page);
    expect(await violationsIn(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(narrow);
    expect(await violationsIn(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(narrow.width);
    expect(wrong.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([]);
    await page.close();
  });
});
