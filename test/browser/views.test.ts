/** Every view of the console in each of its states: accessible, within the screen, and within the policy. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { watchPage } from '../support/browser.ts';
import { describeConsole, type InBrowser } from './in-browser.ts';
import { searchViews } from './search-views.ts';
import { addressOf, type View } from './view.ts';
import { views, viewSettings } from './views.ts';

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

/** Refusals of the API, and calls to the service that people sign in to. */
const allowed = [/^Failed to load resource/, /^called .*\/openid-configuration$/];

const wide = { width: 1280, height: 860 };
const narrow = { width: 360, height: 740 };

/** @returns a test of one view */
const checking =
  ({ world, newPage }: InBrowser) =>
  async (view: View) => {
    const { arrange, act } = view;
    const page = await newPage({ viewport: wide, reducedMotion: 'reduce' });
    const wrong = watchPage(page, world().baseUrl);
    await arrange?.(page);
    await page.goto(addressOf(world(), view));
    await act?.(page);
    expect(await violationsIn(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(narrow);
    expect(await violationsIn(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(narrow.width);
    expect(wrong.filter((line) => !allowed.some((one) => one.test(line)))).toEqual([]);
  };

const title = '$name is accessible, light and dark, wide and narrow';

describeConsole(
  'each view of the console',
  (inBrowser) => {
    it.each(views)(title, checking(inBrowser));
  },
  { settings: viewSettings },
);

describeConsole(
  'each view of a search',
  (inBrowser) => {
    it.each(searchViews)(title, checking(inBrowser));
  },
  { withRecords: true },
);
