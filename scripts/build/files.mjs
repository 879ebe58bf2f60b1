// Writes what a build made so that a host that runs from the folder, or a second build into it, never meets a file that is missing
// or half written: builds of the same sources make the same files, and those are left alone.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Compressed here, so that no request has to do it. */
export async function compressed(folder, files) {
  return await Promise.all(
    files.map(async ({ path, contents }) => ({
      path: join(folder, `${basename(path)}.gz`),
      contents: await promisify(gzip)(contents, { level: 9 }),
    })),
  );
}

/** In this order: what is loaded first comes last. */
export async function writeFiles(files) {
  for (const { path, contents } of files) await writeChanged(path, Buffer.from(contents));
}

async function writeChanged(path, contents) {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  const written = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  await writeFile(written, contents);
  await rename(written, path);
}

/** What earlier builds left: names follow from content. A file that another build is writing begins with a dot. */
export async function removeOthers(folder, files) {
  const made = new Set(files.map(({ path }) => basename(path)));
  const left = (await readdir(folder)).filter((name) => !made.has(name) && !name.startsWith('.'));
  for (const name of left) await rm(join(folder, name), { force: true });
}
