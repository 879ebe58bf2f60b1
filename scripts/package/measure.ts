/** Loads a bundle in fresh processes, one after the other; measures how long that takes and what it registers. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

const probe = fileURLToPath(new URL('load-probe.cjs', import.meta.url));

const loadedSchema = z.object({
  milliseconds: z.number(),
  cpuMilliseconds: z.number(),
  functions: z.array(z.object({ name: z.string(), trigger: z.string() })),
});

const settingsSchema = z.object({ Values: z.record(z.string(), z.string()) });

export type Loads = Awaited<ReturnType<typeof measureLoads>>;

/**
 * @param project folder of local.settings.example.json, with whose settings the app is loaded
 * @throws {Error} with the app's own message when it cannot be loaded, e.g. because a module is missing from the bundle
 */
export async function measureLoads(bundle: string, project: string, runs = 5) {
  const settings = await readFile(join(project, 'local.settings.example.json'), 'utf8');
  const { Values } = settingsSchema.parse(JSON.parse(settings));
  const env = { ...Values, AUDITKEEP_SIGNING_KEY: randomBytes(32).toString('base64') };
  const loads = [];
  // One after the other: in parallel they would share the processors.
  for (let run = 0; run < runs; run += 1) loads.push(await loadOnce(bundle, env));
  return {
    medianMs: median(loads.map(({ milliseconds }) => milliseconds)),
    /** Processor time of all threads, which other load on the machine hardly changes. */
    medianCpuMs: median(loads.map(({ cpuMilliseconds }) => cpuMilliseconds)),
    functions: loads[0]?.functions ?? [],
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function loadOnce(bundle: string, env: Readonly<Record<string, string>>) {
  const { stdout } = await promisify(execFile)(process.execPath, [probe, bundle], { env });
  return loadedSchema.parse(JSON.parse(stdout));
}
