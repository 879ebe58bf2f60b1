// Bundles the Function App into dist/main.cjs, the one file the Functions host loads.
import { build } from 'esbuild';

await build({
  entryPoints: ['functions/main.ts'],
  outfile: 'dist/main.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'linked',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  // ES modules among the dependencies ask where they are; CommonJS knows it by another name.
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  external: ['@azure/functions-core'],
  logLevel: 'warning',
});
