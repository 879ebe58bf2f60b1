/** The deployed app, made by the real build once per run, in a separate folder, which no concurrent build changes. */
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../local/build.ts';
import { projectFolder } from '../local/child.ts';
import { onceARun } from './run/once-a-run.ts';

/** What the real build writes, once in a run. @returns the folder, which must not be changed */
export const builtOnce = (): Promise<string> => onceARun('app', build);

/** @returns a folder for the local host; the caller removes it */
export async function buildApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'built-app-'));
  await cp(await builtOnce(), folder, { recursive: true });
  await cp(join(projectFolder, 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ main: 'main.mjs' }));
  return folder;
}
