/** Every dependency has a reason, and no reason outlives its dependency. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const project = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, project), 'utf8');
const readJson = <Output>(path: string, schema: z.ZodType<Output>) => schema.parse(JSON.parse(read(path)));

/** Where Node finds it, which need not be this folder. */
function manifestOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const files = folders.map((folder) => join(folder, name, 'package.json'));
  return readFileSync(files.find((file) => existsSync(file)) ?? '', 'utf8');
}

const { dependencies } = readJson(
  'package.json',
  z.object({ dependencies: z.record(z.string(), z.string()) }),
);

/** The rows of the page's table: package, license, reason. */
const rows = [...read('docs/dependencies.md').matchAll(/^\| `(.+?)` \| (.+?) \| (.+?) \|$/gm)].map(
  ([, name = '', license = '', reason = '']) => ({ name, license, reason }),
);

describe('docs/dependencies.md', () => {
  it('has a row for each runtime dependency, in their order, and no other', () => {
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(dependencies).sort());
  });

  it.each(rows)(
    'states the license of $name as the package does, and a reason',
    ({ name, license, reason }) => {
      const manifest = z.object({ license: z.string() }).parse(JSON.parse(manifestOf(name)));
      expect(license).toBe(manifest.license);
      expect(reason.length).toBeGreaterThan(20);
    },
  );

  it('names the licenses that are allowed', () => {
    const allowed = [...read('scripts/licenses/allowed.ts').matchAll(/^ {2}'(.+)',$/gm)].map(([, id]) => id);
    expect(allowed.length).toBeGreaterThan(0);
    expect(read('docs/dependencies.md').replaceAll(/\s+/g, ' ')).toContain(`${allowed.join(', ')}.`);
  });
});

describe('package.json', () => {
  it('pins every version', () => {
    const { devDependencies } = readJson(
      'package.json',
      z.object({ devDependencies: z.record(z.string(), z.string()) }),
    );
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  });
});
