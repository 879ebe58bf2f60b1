/** Scripts as one plain file each: a loader that compiles TypeScript takes seconds at every start of a process. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** Files that are found next to a source file are still found there. */
const ownAddresses: Plugin = {
  name: 'own-addresses',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        contents: source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
        loader: 'ts',
      };
    });
  },
};

/** Packages with a native module next to them are loaded from where they are installed. */
const nativePackages: Plugin = {
  name: 'native-packages',
  setup(bundle) {
    bundle.onResolve({ filter: /^lmdb$/ }, ({ path }) => ({
      path: pathToFileURL(createRequire(import.meta.url).resolve(path)).href,
      external: true,
    }));
  },
};

/** Packages in CommonJS ask for builtin modules by `require`. */
const banner =
  "import{createRequire as requireOfBundle}from'node:module';const require=requireOfBundle(process.execPath);";

/**
 * Writes one JavaScript file, an ES module, that does the same as a TypeScript file.
 * @throws {Error} when the script does not compile
 */
export async function bundle(script: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: banner },
    plugins: [ownAddresses, nativePackages],
    // Kept in memory as long as the process runs: tests measure what a host takes.
    minifyWhitespace: true,
    legalComments: 'none',
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'silent',
  });
}
