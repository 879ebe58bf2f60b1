/** What is slow to build is built once per run of the tests, by the worker that needs it first. */
import { join } from 'node:path';
import { inject } from 'vitest';
import { claim, publish, whenPublished } from './publish.ts';

/**
 * @param name of the file or folder, the same wherever the same thing is needed
 * @param make writes it to the path that it is given
 * @returns the path of what is finished, which must not be changed
 * @throws {Error} with the reason, wherever it is needed, when making it failed
 */
export async function onceARun(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(inject('runFolder'), name);
  if (await claim(path)) await publish(path, make);
  return await whenPublished(path);
}
