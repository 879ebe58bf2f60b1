/**
 * Set-up of the projects that use processes: a folder for the run, and one storage emulator with an account for each
 * test file. The emulator ends at tear-down; when the run itself is killed, it notices and ends, too.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { interruptions, onInterruption } from '../../local/interruption.ts';
import { startStorage } from '../../local/storage.ts';
import { publish } from './publish.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that exists during this run only. */
    readonly runFolder: string;
  }
}

/** The file that holds the connection strings of all accounts, also those with Azurite's tables, once the emulator answers. */
export const accountsFile = 'accounts.json';
/** More than there are test files that use storage. */
const accounts = Array.from({ length: 150 }, (_, at) => `test${at}`);

/** @returns the tear-down */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  onInterruption((signal) => process.exit(interruptions[signal]));
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-tests-'));
  project.provide('runFolder', folder);
  // An interrupted run has no tear-down.
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  // It starts while the first files are loaded: who needs it waits for the file.
  const emulator = startStorage({ accounts, endPagesAtPartitions: true });
  const published = publish(join(folder, accountsFile), async (path) => {
    const { connectionStrings, azurite } = await emulator;
    await writeFile(path, JSON.stringify({ connectionStrings, azurite }));
  });
  // In watch mode, code may have changed: what was built from it is built again.
  project.onTestsRerun(async () => {
    const names = (await readdir(folder)).filter((name) => name !== accountsFile);
    await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  });
  return async () => {
    await published;
    await emulator.then(
      ({ stop }) => stop(),
      () => undefined,
    );
    await rm(folder, { recursive: true, force: true });
  };
}
