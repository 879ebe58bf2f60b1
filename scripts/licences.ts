/** `npm run licences [-- --sbom FILE] [--notices FILE]`: checks the licences of what ships, and writes who is to be thanked. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findOffenders } from './licences/judge.ts';
import { createNotices } from './licences/notices.ts';
import { type Component, createSbom, readComponents } from './licences/sbom.ts';

const project = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { sbom: { type: 'string' }, notices: { type: 'string' } } });
  const sbom = await createSbom(project);
  const components = readComponents(sbom);
  if (values.sbom !== undefined) await write(values.sbom, sbom);
  if (values.notices !== undefined) await write(values.notices, await createNotices(project, components));
  const offenders = findOffenders(components);
  for (const offender of offenders) console.error(describe(offender));
  if (offenders.length > 0) process.exitCode = 1;
  else console.log(`${components.length} packages ship, all under licences that allow it`);
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(`Written: ${file}`);
}

function describe({ name, version, licences }: Component): string {
  const stated = licences.length === 0 ? 'no licence' : licences.join(', ');
  return `${name} ${version} may not ship: it has ${stated}`;
}

await main();
