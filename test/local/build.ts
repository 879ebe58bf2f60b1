/** Bundles the app that the local host runs. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from './child.ts';

/**
 * Runs the build of `npm run build`.
 * @param file where to write the bundle. @default dist/main.cjs
 * @throws {Error} with the compiler's messages when the build fails
 */
export async function build(file?: string): Promise<void> {
  const script = join(projectFolder, 'build.mjs');
  await promisify(execFile)(process.execPath, file === undefined ? [script] : [script, file]);
}
