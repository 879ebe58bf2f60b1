/** What a build consists of, by the description that it writes of itself: `main.meta.json`, a metafile of esbuild. */
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import * as z from 'zod';

const outputSchema = z.object({
  bytes: z.int(),
  entryPoint: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()),
  imports: z.array(z.object({ path: z.string(), kind: z.string(), external: z.boolean().default(false) })),
});
type Output = z.output<typeof outputSchema>;

const metafileSchema = z.object({ outputs: z.record(z.string(), outputSchema) });

/** Name of the description in the folder of a build. */
export const metafileName = 'main.meta.json';
const entryPoint = 'functions/main.ts';

export type Contents = Awaited<ReturnType<typeof readContents>>;

/**
 * @param folder of a build
 * @throws {Error} when it is none
 */
export async function readContents(folder: string) {
  const text = await readFile(join(folder, metafileName), 'utf8');
  const { outputs } = metafileSchema.parse(JSON.parse(text));
  const scripts = new Map(Object.entries(outputs).filter(([path]) => path.endsWith('.mjs')));
  const bytesOf = (some: Iterable<Output>) => [...some].reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    /** Of what a cold start reads and compiles: the main script, and what that imports statically. */
    startBytes: bytesOf(readAtStart(scripts)),
    /** Of all scripts. */
    totalBytes: bytesOf(scripts.values()),
    /** Packages that a script imports without having them: in the folder that is deployed, none can be found. */
    missing: missingIn([...scripts.values()]),
    /** Of what a cold start reads: paths of modules, relative to the project. */
    startModules: [...readAtStart(scripts)].flatMap(({ inputs }) => Object.keys(inputs)),
    /** Modules of each script. */
    modules: [...scripts.values()].map(({ inputs }) => Object.keys(inputs)),
  };
}

function readAtStart(scripts: ReadonlyMap<string, Output>): ReadonlySet<Output> {
  const main = [...scripts.values()].find((script) => script.entryPoint === entryPoint);
  if (main === undefined) throw new Error(`The build has no script of ${entryPoint}.`);
  // A set visits what is added to it while it is visited.
  const found = new Set([main]);
  for (const { imports } of found)
    for (const { path, kind } of imports) {
      const imported = kind === 'import-statement' ? scripts.get(path) : undefined;
      if (imported !== undefined) found.add(imported);
    }
  return found;
}

/** The host answers only those who `require` it. */
const answered = '@azure/functions-core';

function missingIn(scripts: readonly Output[]): readonly string[] {
  const external = scripts.flatMap(({ imports }) => imports.filter((each) => each.external));
  const isThere = ({ path, kind }: (typeof external)[number]) =>
    isBuiltin(path) || (path === answered && kind === 'require-call');
  return [...new Set(external.filter((each) => !isThere(each)).map(({ path }) => path))].sort();
}
