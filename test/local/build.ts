/** Bundles the app that the local host runs. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from './child.ts';

/**
 * Runs the build of `npm run build`.
 * @param folder where to write main.mjs and all that it loads. @default dist
 * @throws {Error} with the compiler's messages when the build fails
 */
export async function build(folder?: string): Promise<void> {
  const script = join(projectFolder, 'build.mjs');
  await promisify(execFile)(process.execPath, folder === undefined ? [script] : [script, folder]);
}
