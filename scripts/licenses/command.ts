/** `auditkeep licenses` and `auditkeep sbom`: check the licenses of what ships, and write its bill of materials. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { projectFolder, type Define, type Outcome } from '../command-line/context.ts';
import { findOffenders } from './allowed.ts';
import { createNotices } from './notices.ts';
import { createSbom, readComponents, type Component } from './sbom.ts';

export const define: Define = (command, context) => {
  command
    .description(
      'Checks the licenses of the packages that ship against scripts/licenses/allowed.ts. Exit code 1 if one is not allowed.',
    )
    .option('--notices <file>', 'also write their license texts')
    .action(async ({ notices }) => {
      context.report(await checkLicenses({ notices }));
    });
};

export const defineSbom: Define = (command, context) => {
  command
    .description(
      'Writes the bill of materials (CycloneDX) of the packages that ship, and checks their licenses.',
    )
    .argument('[file]', 'the file to write', 'dist/sbom.cdx.json')
    .action(async (sbom) => {
      context.report(await checkLicenses({ sbom }));
    });
};

interface Files {
  readonly sbom?: string | undefined;
  readonly notices?: string | undefined;
}

async function checkLicenses(files: Files): Promise<Outcome> {
  const sbom = await createSbom(projectFolder);
  const components = readComponents(sbom);
  if (files.sbom !== undefined) await write(files.sbom, sbom);
  if (files.notices !== undefined) await write(files.notices, await createNotices(projectFolder, components));
  const written = [files.sbom, files.notices].filter((file) => file !== undefined);
  const offenders = findOffenders(components);
  const verdict =
    offenders.length > 0
      ? offenders.map(describe)
      : [`${components.length} packages ship, all under licenses that are allowed`];
  return {
    exitCode: offenders.length > 0 ? 1 : 0,
    answer: { packages: components.length, offenders, ...files },
    text: [...written.map((file) => `Written: ${file}`), ...verdict].join('\n'),
  };
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function describe({ name, version, licenses }: Component): string {
  return `${name} ${version} must not ship: its license is ${licenses.join(', ') || 'missing'}`;
}
