/** The deployed app, made by the real build once per run, in a separate folder, which no concurrent build changes. */
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from '../local/build.ts';
import { projectFolder } from '../local/child.ts';
import { onceARun } from './run/once-a-run.ts';

/** @returns a folder for the local host; the caller removes it */
export async function buildApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'built-app-'));
  const bundle = await onceARun('main.cjs', build);
  await cp(bundle, join(folder, 'main.cjs'));
  for (const files of ['docs-page', 'console'])
    await cp(join(dirname(bundle), files), join(folder, files), { recursive: true });
  await cp(join(projectFolder, 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ main: 'main.cjs' }));
  return folder;
}
