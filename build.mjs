// Bundles the Function App into one file, which the Functions host loads: `node build.mjs [FILE]`, dist/main.cjs by default.
import { readFile } from 'node:fs/promises';
import { build, transform } from 'esbuild';

/** Of axios, what it brings for other places than this one. */
const axiosOfNode = {
  name: 'axios-of-node',
  setup({ onResolve, onLoad }) {
    // A package for multipart forms, with a table of all media types; Node has forms of its own.
    onResolve({ filter: /^form-data$/ }, ({ path }) => ({ path, namespace: 'native' }));
    onLoad({ filter: /./, namespace: 'native' }, () => ({ contents: 'export default globalThis.FormData;' }));
    // A second way to make requests, which tries itself out when it is loaded.
    const filter = /[\\/]axios[\\/]lib[\\/]adapters[\\/]fetch\.js$/;
    onLoad({ filter }, () => ({ contents: 'export const getFetch = () => undefined;' }));
  },
};

/** What a library asks of Node's version, with one that reads all of npm's ranges: every Node that this runs on has it. */
const newEnough = {
  name: 'new-enough',
  setup({ onLoad }) {
    const filter = /[\\/]jsonwebtoken[\\/]lib[\\/]\w+Supported\.js$/;
    onLoad({ filter }, () => ({ contents: 'module.exports = true;' }));
  },
};

/**
 * Our functions keep their names, for stack traces. Keeping those of all dependencies takes a tenth of the time to load;
 * storage clients ask for names of classes, but only of what is put together without their own `newPipeline`.
 */
const ownNames = {
  name: 'own-names',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](functions|shared)[\\/].*\.ts$/ }, async ({ path }) => {
      const options = { loader: 'ts', keepNames: true, sourcemap: 'inline', sourcefile: path };
      const { code } = await transform(await readFile(path, 'utf8'), options);
      return { contents: code, loader: 'js' };
    });
  },
};

await build({
  entryPoints: ['functions/main.ts'],
  absWorkingDir: import.meta.dirname,
  outfile: process.argv[2] ?? 'dist/main.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // What a dependency offers as ES modules comes without its unused parts.
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  // ES modules among the dependencies ask where they are; CommonJS knows it by another name.
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  external: ['@azure/functions-core'],
  plugins: [axiosOfNode, newEnough, ownNames],
  logLevel: 'warning',
});
