/** Creates the folder to deploy, and its archive. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { createNotices } from '../licenses/notices.ts';
import { createSbom, readComponents } from '../licenses/sbom.ts';
import { createZip } from './zip.ts';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  engines: z.object({ node: z.string() }),
});

/** The one script in the folder. */
export const bundleName = 'main.cjs';

export type Assembled = Awaited<ReturnType<typeof assemble>>;

/** Builds the project into the folder, which contains nothing else afterwards; the archive is next to it. */
export async function assemble(project: string, folder: string) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const bundle = join(folder, bundleName);
  await promisify(execFile)(process.execPath, ['build.mjs', bundle], { cwd: project });
  // Not in the folder: half a megabyte more to read would slow down every cold start.
  const sourceMap = `${folder}.map`;
  await rename(`${bundle}.map`, sourceMap);
  for (const file of ['host.json', 'LICENSE']) await copyFile(join(project, file), join(folder, file));
  await writeFile(join(folder, 'package.json'), await createManifest(project));
  const components = readComponents(await createSbom(project));
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), await createNotices(project, components));
  const zip = `${folder}.zip`;
  const entries = await readEntries(folder);
  const archive = createZip(entries);
  await writeFile(zip, archive);
  const bundleBytes = entries.find(({ name }) => name === bundleName)?.content.length ?? 0;
  return { bundle, zip, sourceMap, bundleBytes, zipBytes: archive.length };
}

/** What the Functions host needs; without dependencies, so that nothing is installed. */
async function createManifest(project: string): Promise<string> {
  const text = await readFile(join(project, 'package.json'), 'utf8');
  const { name, version, license, engines } = manifestSchema.parse(JSON.parse(text));
  const manifest = { name, version, private: true, license, type: 'commonjs', main: bundleName, engines };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

async function readEntries(folder: string) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    paths.map(async (path) => ({
      name: relative(folder, path).replaceAll('\\', '/'),
      content: await readFile(path),
    })),
  );
}
