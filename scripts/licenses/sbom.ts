/** The packages that ship with the app, and their licenses: npm's bill of materials, made from the lock file. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';

/** As an SPDX expression or a name. */
const licenseSchema = z.union([
  z.object({ license: z.object({ id: z.string() }) }).transform(({ license }) => license.id),
  z.object({ license: z.object({ name: z.string() }) }).transform(({ license }) => license.name),
  z.object({ expression: z.string() }).transform(({ expression }) => expression),
]);

const componentSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** As the package states them. */
  licenses: z.array(licenseSchema).default([]),
});
export type Component = z.output<typeof componentSchema>;

/** The part of CycloneDX 1.5 that is used. @see https://cyclonedx.org/docs/1.5/json/ */
const sbomSchema = z.object({ components: z.array(componentSchema) });

/**
 * The bill of materials of a project's runtime dependencies, CycloneDX as JSON. Needs no network.
 * @throws {Error} when npm cannot create it from the lock file
 */
export async function createSbom(project: string): Promise<string> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'];
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd: project,
    maxBuffer: 64 * 1024 * 1024,
    // On Windows npm is a command file.
    shell: process.platform === 'win32',
  });
  return stdout;
}

/** @throws {z.ZodError} when the text is not a bill of materials */
export function readComponents(sbom: string): readonly Component[] {
  return sbomSchema.parse(JSON.parse(sbom)).components;
}
