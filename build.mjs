// Bundles the Function App into one file, which the Functions host loads: `node build.mjs [FILE]`, dist/main.cjs by default.
import { build } from 'esbuild';

/** axios brings a package for multipart forms, and that one a table of all media types; Node has forms of its own. */
const nativeForms = {
  name: 'native-forms',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^form-data$/ }, ({ path }) => ({ path, namespace: 'native' }));
    onLoad({ filter: /./, namespace: 'native' }, () => ({ contents: 'export default globalThis.FormData;' }));
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
  // Storage clients tell their credentials by the names of classes; and a stack trace is of use without the map.
  keepNames: true,
  legalComments: 'none',
  // ES modules among the dependencies ask where they are; CommonJS knows it by another name.
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  external: ['@azure/functions-core'],
  plugins: [nativeForms],
  logLevel: 'warning',
});
