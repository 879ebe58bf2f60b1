/** Creates the folder to deploy, and its archive. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { createNotices } from '../licenses/notices.ts';
import { createSbom, readComponents } from '../licenses/sbom.ts';
import { metafileName, readContents } from './contents.ts';
import { createZip } from './zip.ts';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  engines: z.object({ node: z.string() }),
});

/** The script that the host loads. */
const bundleName = 'main.mjs';

export type Assembled = Awaited<ReturnType<typeof assemble>>;

/** Builds the project into the folder, which contains nothing else afterwards; the archive is next to it. */
export async function assemble(project: string, folder: string) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await promisify(execFile)(process.execPath, ['build.mjs', folder], { cwd: project });
  const { startBytes, totalBytes, missing } = await readContents(folder);
  await rm(join(folder, metafileName));
  const sourceMaps = `${folder}.maps`;
  await moveMaps(folder, sourceMaps);
  for (const file of ['host.json', 'LICENSE']) await copyFile(join(project, file), join(folder, file));
  await writeFile(join(folder, 'package.json'), await createManifest(project));
  const components = readComponents(await createSbom(project));
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), await createNotices(project, components));
  const zip = `${folder}.zip`;
  const entries = await readEntries(folder);
  const archive = createZip(entries);
  await writeFile(zip, archive);
  const bundle = join(folder, bundleName);
  return { bundle, zip, sourceMaps, bundleBytes: startBytes, totalBytes, missing, zipBytes: archive.length };
}

/** They are larger than all that they explain, and every new instance downloads the archive. */
async function moveMaps(folder: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  const files = await readdir(folder, { recursive: true });
  for (const file of files.filter((each) => each.endsWith('.mjs.map'))) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await rename(join(folder, file), join(to, file));
  }
}

/** What the Functions host needs; without dependencies, so that nothing is installed. */
async function createManifest(project: string): Promise<string> {
  const text = await readFile(join(project, 'package.json'), 'utf8');
  const { name, version, license, engines } = manifestSchema.parse(JSON.parse(text));
  const manifest = { name, version, private: true, license, type: 'module', main: bundleName, engines };
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
