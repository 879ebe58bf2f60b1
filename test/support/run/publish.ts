/** How processes share what one of them makes: a file appears when it is finished, or a file that says why it never will. */
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const lookEveryMs = 20;

/** @returns whether this is the first call for the path, in whichever process */
export async function claim(path: string): Promise<boolean> {
  return await mkdir(`${path}.claim`).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Writes a file or folder under another name first, so that no process reads half of it. Never rejects: {@link whenPublished} does. */
export async function publish(path: string, make: (path: string) => Promise<void>): Promise<void> {
  try {
    await make(`${path}.part`);
    await rename(`${path}.part`, path);
  } catch (error) {
    await writeFile(`${path}.failure`, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Waits until the file is finished.
 * @returns its path
 * @throws {Error} with the reason when making it failed
 */
export async function whenPublished(path: string): Promise<string> {
  while (!(await exists(path))) {
    if (await exists(`${path}.failure`)) throw new Error(await readFile(`${path}.failure`, 'utf8'));
    await setTimeout(lookEveryMs);
  }
  return path;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
