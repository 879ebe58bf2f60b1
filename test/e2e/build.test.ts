/** A build into a folder that a host runs from. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../local/build.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The number of a file changes when another one takes its place, its time when it is written. */
async function written(): Promise<Readonly<Record<string, string>>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const entries = paths.map(async (path) => {
    const { ino, mtimeMs } = await stat(path);
    return [path, `${ino} ${mtimeMs}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

it('touches no file that is the same, even when two build at once, and removes what an earlier one left', async () => {
  await build(folder);
  const before = await written();
  await writeFile(join(folder, 'chunks', 'old-ABCDEFGH.mjs'), '');
  await Promise.all([build(folder), build(folder)]);
  expect(await written()).toEqual(before);
}, 120_000);
