/** Loads a bundle in fresh processes, one after the other, and tells how long that takes and what it registers. */
import { execFile } from 'node:child_process';
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

export interface Loads {
  /** The middle one of all runs. */
  readonly medianMs: number;
  /** The same of the processors' time, of all threads: it holds on a machine that does other things as well. */
  readonly medianCpuMs: number;
  readonly functions: readonly { readonly name: string; readonly trigger: string }[];
}

/**
 * @param project folder of local.settings.json's example, whose settings the app is loaded with
 * @throws {Error} with the app's own words when it cannot be loaded, e.g. because it asks for a module that is not in it
 */
export async function measureLoads(bundle: string, project: string, runs = 5): Promise<Loads> {
  const settings = JSON.parse(
    await readFile(join(project, 'local.settings.example.json'), 'utf8'),
  ) as unknown;
  const { Values } = settingsSchema.parse(settings);
  const loads = [];
  // Not at once: they would share the processors.
  for (let run = 0; run < runs; run += 1) loads.push(await loadOnce(bundle, Values));
  return {
    medianMs: median(loads.map(({ milliseconds }) => milliseconds)),
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
