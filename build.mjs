// Bundles the Function App: `node build.mjs [FOLDER]`, dist by default. The Functions host loads main.mjs; what is needed later
// is in the folder chunks, what the docs page loads in docs-page, and the console in console. main.meta.json says what is in which.
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, transform } from 'esbuild';
import { buildConsole } from './console/build.mjs';
import { compressed, removeOthers, writeFiles } from './scripts/build/files.mjs';

const folder = resolve(import.meta.dirname, process.argv[2] ?? 'dist');

/** Removes the parts of axios that are not needed on Node. */
const axiosOfNode = {
  name: 'axios-of-node',
  setup({ onResolve, onLoad }) {
    // A package for multipart forms, with a table of all media types; Node has its own FormData.
    onResolve({ filter: /^form-data$/ }, ({ path }) => ({ path, namespace: 'native' }));
    onLoad({ filter: /./, namespace: 'native' }, () => ({ contents: 'export default globalThis.FormData;' }));
    // Follows redirects, which no call of ours wants: they all say maxRedirects: 0.
    onResolve({ filter: /^follow-redirects$/ }, ({ path }) => ({ path, namespace: 'redirects' }));
    const contents =
      "import http from 'node:http';import https from 'node:https';export default { http, https };";
    onLoad({ filter: /./, namespace: 'redirects' }, () => ({ contents }));
    // A second HTTP adapter, which probes its environment when it is loaded.
    const filter = /[\\/]axios[\\/]lib[\\/]adapters[\\/]fetch\.js$/;
    onLoad({ filter }, () => ({ contents: 'export const getFetch = () => undefined;' }));
  },
};

/** Removes a WebAssembly module of storage clients: checksums of structured messages, which no client of ours sends. */
const withoutChecksums = {
  name: 'without-checksums',
  setup({ onLoad }) {
    const filter = /[\\/]storage-common[\\/]dist[\\/]\w+[\\/]crc64\.js$/;
    const contents = "export default () => Promise.reject(new Error('Checksums are not in the bundle.'));";
    onLoad({ filter }, () => ({ contents }));
  },
};

/** Removes what the exporter of telemetry reports to Microsoft about itself, which the app switches off. */
const withoutStatsbeat = {
  name: 'without-statsbeat',
  setup({ onLoad }) {
    const filter = /[\\/]export[\\/]statsbeat[\\/](\w+Metrics|customerSDKStats)\.js$/;
    const names = ['NetworkStatsbeatMetrics', 'LongIntervalStatsbeatMetrics', 'CustomerSDKStatsMetrics'];
    const contents = names.map((name) => `export const ${name} = { getInstance: () => undefined };`).join('');
    onLoad({ filter }, () => ({ contents }));
  },
};

/** The client of PostgreSQL tries a native module that we do not have, for a class that we do not use. */
const withoutNative = {
  name: 'without-native',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^pg-native$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    const contents =
      "throw Object.assign(new Error('pg-native is not in the package.'), { code: 'MODULE_NOT_FOUND' });";
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents }));
  },
};

/**
 * The client of SQL Server loads what signs in to Azure and reads keys of encrypted columns: it gets tokens from us, and no
 * column is encrypted.
 */
const withoutAzureOfTedious = {
  name: 'without-azure-of-tedious',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@azure\/(identity|keyvault-keys)$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]tedious[\\/]/.test(importer) ? { path, namespace: 'unused-azure' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'unused-azure' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Answers a library's checks of the Node version, which would bundle semver; every supported Node passes them. */
const newEnough = {
  name: 'new-enough',
  setup({ onLoad }) {
    const filter = /[\\/]jsonwebtoken[\\/]lib[\\/]\w+Supported\.js$/;
    onLoad({ filter }, () => ({ contents: 'module.exports = true;' }));
  },
};

/**
 * Keeps the names of our own functions, for stack traces. Keeping those of all dependencies costs a tenth of the load time.
 * Storage clients read class names, but only for pipelines that were not created by their own `newPipeline`.
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

const { metafile, outputFiles: appFiles } = await build({
  entryPoints: { main: 'functions/main.ts' },
  absWorkingDir: import.meta.dirname,
  outdir: folder,
  write: false,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Only ES modules can be split: each `import()` begins a chunk, and what chunks share is in one of its own, never twice.
  format: 'esm',
  splitting: true,
  // ES modules can be tree-shaken.
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  minify: true,
  // A script with other characters takes twice the memory: Node keeps its text, with two bytes for each character.
  charset: 'ascii',
  legalComments: 'none',
  // CommonJS modules among the dependencies require Node's own, and @azure/functions-core, which the host answers.
  banner: {
    js: "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);",
  },
  external: ['@azure/functions-core'],
  plugins: [
    ...[axiosOfNode, withoutChecksums, withoutStatsbeat, newEnough],
    ...[withoutNative, withoutAzureOfTedious, ownNames],
  ],
  metafile: true,
  logLevel: 'warning',
});
const chunksFolder = join(folder, 'chunks');
const chunks = appFiles.filter(({ path }) => dirname(path) === chunksFolder);
// What is imported comes before what imports it.
await writeFiles([...chunks, ...appFiles.filter((file) => !chunks.includes(file))]);
await writeFiles([{ path: join(folder, 'main.meta.json'), contents: JSON.stringify(metafile) }]);
await removeOthers(chunksFolder, chunks);

const { outputFiles } = await build({
  entryPoints: { docs: 'shared/description/docs-page/browser.ts' },
  absWorkingDir: import.meta.dirname,
  outdir: 'docs-page',
  write: false,
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  // Pictures in a style.
  loader: { '.svg': 'dataurl', '.png': 'dataurl' },
  logLevel: 'warning',
});
await writeFiles(await compressed(join(folder, 'docs-page'), outputFiles));

const consoleFolder = join(folder, 'console');
const { scripts, page } = await buildConsole(consoleFolder);
const consoleFiles = [...(await compressed(consoleFolder, scripts)), page];
await writeFiles(consoleFiles);
// Last: a host that is running reads either all of the old files or all of the new ones.
await removeOthers(consoleFolder, consoleFiles);
