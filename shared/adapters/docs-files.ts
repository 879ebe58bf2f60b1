/** The files of the docs page on disk. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocsFiles, ReadDocsFiles } from '../description/docs-page/files.ts';

/** @param folder where the build put them; half a megabyte, kept in memory after the first call that succeeds */
export function createDocsFiles(folder: string): ReadDocsFiles {
  let known: DocsFiles | undefined;
  return async () => (known ??= await readFiles(folder));
}

async function readFiles(folder: string): Promise<DocsFiles> {
  const read = (name: string) => readFile(join(folder, name));
  const [script, style] = await Promise.all([read('docs.js.gz'), read('docs.css.gz')]);
  const version = createHash('sha256').update(script).update(style).digest('hex').slice(0, 16);
  return { version, script, style };
}
