/** What the documents tell a reader to run, open and set exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { settingDescriptions } from '../../../shared/settings.ts';
import { runAuditkeep } from '../../support/auditkeep.ts';

const project = join(import.meta.dirname, '..', '..', '..');

function filesBelow(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));
}

/** Not the change log, which describes the past. */
const documents = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...filesBelow('docs', /\.md$/),
].map((file) => ({ file, text: readFileSync(join(project, file), 'utf8') }));

const deploy = documents.find(({ file }) => file === join('docs', 'deploy.md'))?.text ?? '';

/** Each thing found, with the document that names it. */
function named(pattern: RegExp): readonly string[] {
  const found = documents.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map(([, name = '']) => `${file}: ${name}`),
  );
  return [...new Set(found)];
}

function unknown(pattern: RegExp, isKnown: (name: string) => boolean): readonly string[] {
  return named(pattern).filter((entry) => !isKnown(entry.slice(entry.indexOf(': ') + 2)));
}

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')));

describe('the documents', () => {
  it('name npm scripts that exist', () => {
    const isKnown = (name: string) => Object.hasOwn(scripts, name);
    expect(unknown(/npm run (?:--silent |-s )?([a-z][\w:-]*)/g, isKnown)).toEqual([]);
    expect(named(/npm run (?:--silent |-s )?([a-z][\w:-]*)/g).length).toBeGreaterThan(10);
  });

  it('name files and folders that exist', () => {
    const path =
      /(?<![\w/.:-])((?:infra|docs|functions|shared|scripts|test|connector|\.github|\.ci)\/[\w./-]*\w)(?![\w*<{/])/g;
    expect(unknown(path, exists)).toEqual([]);
    const file = /`((?:[\w-]+\.)+(?:json|yaml|mjs|md|ts))`/g;
    const made = [
      'main.mjs',
      'main.meta.json',
      'local.settings.json',
      'certificate.json',
      'outputs.json',
      'manifest.json',
    ];
    expect(unknown(file, (name) => made.includes(name) || isSomewhere(name))).toEqual([]);
  });

  it('link to documents that exist, and to headings in them', () => {
    const broken = documents.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)/g)].flatMap(([link, path = '', anchor]) => {
        const target = path === '' ? file : relative(project, join(project, dirname(file), path));
        if (!existsSync(join(project, target))) return [`${file}: ${link}`];
        return anchor === undefined || headingsOf(target).includes(anchor) ? [] : [`${file}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('write no secret to a file that others can read, or that git would take', () => {
    const pages = [
      ...documents,
      { file: 'infra/README.md', text: readFileSync(join(project, 'infra', 'README.md'), 'utf8') },
    ];
    const written = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/(?:openssl rand|npm run key|renew-secret)[^\n]*[^-]>\s*(\S+)/g)].map(
        ([, name = '']) => ({ file, name }),
      ),
    );
    expect(written.length).toBeGreaterThan(1);
    expect(written.filter(({ name }) => !name.startsWith('"$'))).toEqual([]);
  });

  it('name settings that exist', () => {
    const settings = new Set(settingDescriptions.map(({ name }) => name));
    const sources = [
      ...filesBelow('scripts', /\.ts$/),
      ...filesBelow('infra', /\.bicep(param)?$/),
      ...filesBelow('.github', /\.yml$/),
      ...filesBelow('test', /\.ts$/).filter((name) => !name.startsWith(join('test', 'unit', 'docs'))),
    ].map((name) => readFileSync(join(project, name), 'utf8'));
    const isKnown = (name: string) =>
      settings.has(name) || sources.some((source) => new RegExp(`\\b${name}\\b`).test(source));
    expect(unknown(/\b(AUDITKEEP_[A-Z_]+[A-Z]|AzureWebJobsStorage__\w+)\b/g, isKnown)).toEqual([]);
  });
});

describe('docs/deploy.md', () => {
  it('uses commands and options that npm run tenant and npm run register-app have', async () => {
    const lines = [...deploy.matchAll(/npm run (?:--silent )?(tenant|register-app) -- ([^\n#`]+)/g)];
    expect(lines.length).toBeGreaterThan(8);
    for (const [line, script = '', rest = ''] of lines) {
      const command = script === 'tenant' ? [script, rest.split(' ')[0] ?? ''] : [script];
      const help = await runAuditkeep([...command, '--help']);
      expect(help.exitCode, line).toBe(0);
      for (const option of rest.split(/\s+/).filter((word) => word.startsWith('--')))
        expect(help.output, line).toMatch(new RegExp(`^ +${option}\\b`, 'm'));
    }
  });

  it('reads outputs that the templates define, and sets the environment that parameter files read', () => {
    const main = readFileSync(join(project, 'infra', 'main.bicep'), 'utf8');
    const outputs = new Set([...deploy.matchAll(/\$\(output (\w+)\)/g)].map(([, name = '']) => name));
    expect(outputs.size).toBe(5);
    for (const name of outputs) expect(main).toMatch(new RegExp(`^output ${name} `, 'm'));
    const parameters = filesBelow('infra/parameters', /\.bicepparam$/);
    for (const file of parameters) expect(deploy).toContain(file.split('\\').join('/'));
    const read = parameters.flatMap((file) => [
      ...readFileSync(join(project, file), 'utf8').matchAll(/readEnvironmentVariable\('(\w+)'\)/g),
    ]);
    for (const [, name = ''] of read) expect(deploy).toContain(`export ${name}=`);
  });

  it('puts every secret into the vault that the app reads from it, without prompting', () => {
    const site = readFileSync(join(project, 'infra', 'modules', 'functionapp.bicep'), 'utf8');
    const [, name] = /AUDITKEEP_SIGNING_KEY: secretReference\(vaultUri, '([\w-]+)'\)/.exec(site) ?? [];
    expect(name).toBeDefined();
    expect(deploy).toContain(`--name ${name ?? ''} --file`);
  });
});

function exists(path: string): boolean {
  return existsSync(join(project, path)) || existsSync(join(project, path.replace(/\.$/, '')));
}

/** In the root, in docs, or wherever the source is. */
function isSomewhere(name: string): boolean {
  const folders = [
    '.',
    ...['docs', 'shared', 'functions', 'scripts', 'infra', 'connector', 'test', '.github'],
  ];
  return folders.some((folder) =>
    folder === '.'
      ? existsSync(join(project, name))
      : filesBelow(folder, /./).some((file) => file.endsWith(`/${name}`)),
  );
}

/** As the pages are shown on GitHub. */
function headingsOf(file: string): readonly string[] {
  const text = readFileSync(join(project, file), 'utf8');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = '']) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(/\s/g, '-')}`,
  );
}
