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
  keepNames: true,
  external: ['@azure/functions-core'],
  logLevel: 'warning',
});
