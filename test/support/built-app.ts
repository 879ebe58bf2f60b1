/** What is deployed, built anew by the real build into a folder of its own, which no build at the same time changes. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../local/child.ts';

/** @returns a folder for the local host; whoever asked for it removes it */
export async function buildApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'built-app-'));
  const file = join(folder, 'main.cjs');
  await promisify(execFile)(process.execPath, ['build.mjs', file], { cwd: projectFolder });
  await cp(join(projectFolder, 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ main: 'main.cjs' }));
  return folder;
}
