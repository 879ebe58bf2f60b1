// Builds the console: index.html, and scripts and styles named after their content, compressed with gzip.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { webDarkTheme, webLightTheme } from '@fluentui/tokens';
import { build } from 'esbuild';

const folder = import.meta.dirname;
const address = '/console/assets';

/** `import 'tokens.css'`: the tokens of Fluent that the styles use, for light and dark at once, and no others. */
const tokens = {
  name: 'tokens',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^tokens\.css$/ }, ({ path }) => ({ path, namespace: 'tokens' }));
    onLoad({ filter: /./, namespace: 'tokens' }, async () => ({
      contents: await tokensUsed(),
      loader: 'css',
    }));
  },
};

async function tokensUsed() {
  const names = await readdir(folder, { recursive: true });
  const styles = names
    .filter((name) => name.endsWith('.css'))
    .map((name) => readFile(join(folder, name), 'utf8'));
  const used = (await Promise.all(styles)).join('\n').matchAll(/var\(--(\w+)/g);
  const known = [...new Set([...used].map(([, name]) => name))]
    .filter((name) => name in webLightTheme)
    .sort();
  return `:root{${known.map((name) => `--${name}:${valueOf(name)}`).join(';')}}`;
}

function valueOf(name) {
  const [light, dark] = [webLightTheme[name], webDarkTheme[name]];
  return light === dark ? light : `light-dark(${light},${dark})`;
}

/** What belongs into a folder that holds nothing else: scripts and styles, and the page that names them. Writes nothing. */
export async function buildConsole(outdir) {
  const { outputFiles, metafile } = await build({
    entryPoints: { main: join(folder, 'main.tsx') },
    absWorkingDir: folder,
    outdir,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    plugins: [tokens],
    logLevel: 'warning',
  });
  return {
    scripts: outputFiles,
    page: { path: join(outdir, 'index.html'), contents: await indexOf(metafile) },
  };
}

/** The page with the names of what it loads at once. */
async function indexOf({ outputs }) {
  const entry = Object.values(outputs).find(({ entryPoint }) => entryPoint === 'main.tsx');
  const name = Object.keys(outputs).find((each) => outputs[each] === entry);
  const atOnce = entry.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
  const file = (path) => `${address}/${basename(path)}`;
  const head = [
    `<link rel="stylesheet" href="${file(entry.cssBundle)}">`,
    `<script type="module" src="${file(name)}"></script>`,
    ...atOnce.map((path) => `<link rel="modulepreload" href="${file(path)}">`),
  ];
  return (await readFile(join(folder, 'index.html'), 'utf8')).replace('<!-- files -->', head.join('\n'));
}
