/** The files by which others' tools deploy and update the app name things that are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const project = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, project), 'utf8');

const hookSchema = z.object({ run: z.string() });

const azureSchema = z.object({
  infra: z.object({ path: z.string(), module: z.string() }),
  services: z.object({
    api: z.object({
      host: z.literal('function'),
      dist: z.string(),
      remoteBuild: z.literal(false),
      hooks: z.object({ prepackage: z.object({ windows: hookSchema, posix: hookSchema }) }),
    }),
  }),
});

describe('azure.yaml', () => {
  const { infra, services } = azureSchema.parse(parse(read('azure.yaml')));

  it('deploys templates that are there', () => {
    expect(existsSync(new URL(`${infra.path}/${infra.module}.bicepparam`, project))).toBe(true);
  });

  it('uploads the folder that the package is made in, to the app that has the name of the service', () => {
    expect(read('scripts/package/command.ts')).toContain(`'${services.api.dist}'`);
    expect(read('infra/modules/functionapp.bicep')).toContain("'azd-service-name': 'api'");
  });

  it('makes the package before it uploads it, on every system', () => {
    const { windows, posix } = services.api.hooks.prepackage;
    expect([windows.run, posix.run]).toEqual(Array(2).fill('npm run package -- --report-only'));
  });
});

describe('.funcignore', () => {
  it('leaves out all that is in this folder but what the host reads', () => {
    const names = readdirSync(fileURLToPath(project)).filter((name) => name !== 'dist');
    const patterns = read('.funcignore')
      .split('\n')
      .filter((line) => line.startsWith('/'));
    const ignored = patterns.map(
      (line) => new RegExp(`^${line.replaceAll('.', '\\.').replaceAll('*', '.*')}$`),
    );
    const left = names.filter((name) => !ignored.some((each) => each.test(`/${name}`)));
    expect(left.sort()).toEqual(['LICENSE', 'host.json', 'package.json']);
    expect(patterns).toContain('/node_modules');
  });
});

const renovateSchema = z.object({
  minimumReleaseAge: z.string(),
  enabledManagers: z.array(z.string()),
  customManagers: z.array(z.object({ matchStrings: z.tuple([z.string()]) })).length(1),
});

describe('renovate.json', () => {
  const renovate = renovateSchema.parse(JSON.parse(read('renovate.json')));

  it('waits before it offers a release, and looks after packages, actions and templates', () => {
    expect(renovate.minimumReleaseAge).toBe('7 days');
    expect(renovate.enabledManagers).toEqual(expect.arrayContaining(['npm', 'github-actions', 'bicep']));
  });

  it('finds the version of the Bicep compiler', () => {
    const [pattern = ''] = renovate.customManagers[0]?.matchStrings ?? [];
    const found = new RegExp(pattern).exec(read('scripts/infra-check/restore-compiler.ts'));
    expect(found?.groups?.['currentValue']).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
