/** Scripts of tests as one plain file each: compiling TypeScript takes seconds at every start of a process. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { hostSource } from '../../local/host-process.ts';
import { onceARun } from './once-a-run.ts';

/** Files that are found beside a source file are still found there. */
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

const formats = {
  cjs: {
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  },
  esm: {
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
  },
} as const;

/**
 * @param script path of a TypeScript file
 * @param format `esm` for a script that awaits at its top level
 * @returns path of a JavaScript file that does the same, made once in a run of the tests
 */
export function bundleScript(script: string, format: keyof typeof formats = 'cjs'): Promise<string> {
  const name = createHash('sha256').update(script).digest('hex').slice(0, 16);
  return onceARun(`${name}.${format === 'esm' ? 'mjs' : 'cjs'}`, async (outfile) => {
    await build({
      ...{ entryPoints: [script], outfile, bundle: true, platform: 'node', target: 'node20', format },
      ...{ plugins: [ownAddresses], logLevel: 'silent', sourcemap: 'inline' },
      ...formats[format],
      external: ['@azure/functions-core'],
    });
  });
}

/** The local host, for `startHost` and `startChild`. */
export const bundledHost = (): Promise<string> => bundleScript(hostSource);
