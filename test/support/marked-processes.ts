/** Finds processes by a mark in their environment, which every process that they start inherits. Linux only. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of the environment variable that holds the mark. */
export const markVariable = 'AUDITKEEP_TEST_MARK';

/** The IDs of the processes that were started with the mark and still exist. */
export async function markedProcesses(mark: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    ids.map(async (id) => {
      // A process that has ended or belongs to another user cannot be read.
      const environment = await readFile(join('/proc', id, 'environ'), 'utf8').catch(() => '');
      return environment.split('\0').includes(`${markVariable}=${mark}`) ? [id] : [];
    }),
  );
  return marked.flat();
}
