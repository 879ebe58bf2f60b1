/** The license texts of everything that a package contains, each text once with all packages that it covers. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Component } from './sbom.ts';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

/** A package that bundles others has their texts next to the bundle: `bundle.js.LICENSE.txt`. */
const textFile = /^(licen[cs]e|copying|notice)([-.].*)?$|\.(licen[cs]e|notice)\.txt$/i;
const line = '-'.repeat(100);

/** @throws {Error} when a component is not installed */
export async function createNotices(project: string, components: readonly Component[]): Promise<string> {
  const folders = await findFolders(project);
  const covered = new Map<string, string[]>();
  for (const component of components) {
    const folder = folders.get(`${component.name}@${component.version}`);
    if (folder === undefined)
      throw new Error(`${component.name} ${component.version} is not in the lock file`);
    const text = await readTexts(join(project, folder));
    const name = `${component.name} ${component.version} (${component.licenses.join(', ')})`;
    covered.set(text, [...(covered.get(text) ?? []), name]);
  }
  const blocks = [...covered].map(([text, names]) => [...names, '', text].join('\n'));
  return [`Auditkeep contains parts of the following packages.`, ...blocks].join(`\n\n${line}\n\n`);
}

/** Folders by name and version; a package may be installed in several versions. */
async function findFolders(project: string): Promise<ReadonlyMap<string, string>> {
  const lock = lockSchema.parse(JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')));
  return new Map(
    Object.entries(lock.packages).map(([folder, { version }]) => [
      `${folder.split('node_modules/').at(-1) ?? ''}@${version ?? ''}`,
      folder,
    ]),
  );
}

async function readTexts(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => textFile.test(name)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  if (texts.length === 0) return 'The package states its license without its text.';
  return texts.map((text) => text.replaceAll(/\r\n?/g, '\n').trim()).join('\n\n');
}
