/** The packages that ship with the app, and their licenses: npm's bill of materials, made from the lock file. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';

const licenseSchema = z.union([
  z.object({ license: z.union([z.object({ id: z.string() }), z.object({ name: z.string() })]) }),
  z.object({ expression: z.string() }),
]);

/** The part of CycloneDX 1.5 that is used. @see https://cyclonedx.org/docs/1.5/json/ */
const sbomSchema = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      licenses: z.array(licenseSchema).default([]),
    }),
  ),
});

export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX expressions, as the package states them. */
  readonly licenses: readonly string[];
}

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
  return sbomSchema.parse(JSON.parse(sbom)).components.map(({ name, version, licenses }) => ({
    name,
    version,
    licenses: licenses.map(toExpression),
  }));
}

function toExpression(stated: z.infer<typeof licenseSchema>): string {
  if ('expression' in stated) return stated.expression;
  return 'id' in stated.license ? stated.license.id : stated.license.name;
}
