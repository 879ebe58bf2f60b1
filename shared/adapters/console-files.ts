/** The files of the console on disk. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConsoleFiles, ReadConsoleFiles } from '../console/files.ts';

/** @param folder where the build put them; some hundred kilobytes, kept in memory after the first call that succeeds */
export function createConsoleFiles(folder: string): ReadConsoleFiles {
  let known: ConsoleFiles | undefined;
  return async () => (known ??= await readFiles(folder));
}

const compressed = '.gz';

async function readFiles(folder: string): Promise<ConsoleFiles> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(compressed));
  const read = async (name: string) =>
    [name.slice(0, -compressed.length), await readFile(join(folder, name))] as const;
  const assets = new Map<string, Uint8Array>(await Promise.all(names.map(read)));
  return { index: await readFile(join(folder, 'index.html'), 'utf8'), assets };
}
