/** The console in a browser, once for all tests of a file. */
import { rm } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { findBrowser, openBrowser, watchPage } from '../support/browser.ts';
import { buildApp } from '../support/built-app.ts';
import { bundledHost } from '../support/run/bundle.ts';
import { openStorage } from '../support/run/storage.ts';
import { startConsoleWorld, type ConsoleWorld } from './world.ts';

export interface InBrowser {
  readonly world: () => ConsoleWorld;
  /** An empty page, which is closed after the test. */
  readonly newPage: (options?: BrowserContextOptions) => Promise<Page>;
  /** A page of the console, and what went wrong in it so far. @param path below /console */
  readonly open: (
    path: string,
    options?: BrowserContextOptions,
  ) => Promise<{ readonly page: Page; readonly wrong: readonly string[] }>;
}

interface WorldOptions {
  /** Auditing is on, and every record is collected before the tests begin. */
  readonly withRecords?: boolean;
  /** With the world, before anything is collected: such as watches, which look at records as they arrive. */
  readonly beforeRecords?: (world: ConsoleWorld) => Promise<void>;
  /** How many tenants of Microsoft 365 are not registered. */
  readonly strangers?: number;
  /** Of the app, in addition. */
  readonly settings?: Readonly<Record<string, string>>;
}

const executable = await findBrowser();

/** Describes tests of the console in a browser; where there is none, they are skipped, and their title says why. */
export function describeConsole(
  what: string,
  tests: (inBrowser: InBrowser) => void,
  options: WorldOptions = {},
): void {
  const title =
    executable === undefined
      ? `${what} in a browser: not tested, because there is no Chromium (Debian: apt-get install chromium)`
      : `${what} in a browser`;
  describe.skipIf(executable === undefined)(title, () => {
    tests(setUp(executable ?? '', options));
  });
}

interface Opened {
  readonly world: ConsoleWorld;
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

const collectingMs = 300_000;

function setUp(executablePath: string, options: WorldOptions): InBrowser {
  let opened: Opened | undefined;
  beforeAll(async () => {
    opened = await openAll(executablePath, options);
  }, collectingMs);
  afterAll(() => opened?.close());
  const now = () => {
    if (opened === undefined) throw new Error('The console is opened before the tests, and not before that.');
    return opened;
  };
  const newPage = async (options: BrowserContextOptions = {}) => {
    const page = await now().browser.newPage({ viewport: { width: 1280, height: 860 }, ...options });
    onTestFinished(() => page.close());
    return page;
  };
  const open = async (path: string, options?: BrowserContextOptions) => {
    const page = await newPage(options);
    const { baseUrl } = now().world;
    const wrong = watchPage(page, baseUrl);
    await page.goto(`${baseUrl}/console${path}`);
    return { page, wrong };
  };
  return { world: () => now().world, newPage, open };
}

async function openAll(
  executablePath: string,
  { withRecords = false, settings = {}, strangers = 0, beforeRecords }: WorldOptions,
): Promise<Opened> {
  const [storage, project] = [await openStorage(), await buildApp()];
  const { connectionString } = storage;
  const script = await bundledHost();
  const world = await startConsoleWorld({
    connectionString,
    project,
    script,
    settings,
    strangers,
    isAudited: withRecords,
  });
  await beforeRecords?.(world);
  if (withRecords) await world.collect();
  const browser = await openBrowser(executablePath);
  const close = async () => {
    await browser.close();
    await world.stop();
    await storage.close();
    await rm(project, { recursive: true });
  };
  return { world, browser, close };
}
