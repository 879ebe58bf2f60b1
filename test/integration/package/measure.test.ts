/** A bundle is loaded as in an empty folder: it must contain what it requires, and register something. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureLoads } from '../../../scripts/package/measure.ts';
import { findFaults } from '../../../scripts/package/targets.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measure-test-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function measure(name: string, script: string) {
  const bundle = join(folder, `${name}.mjs`);
  await writeFile(bundle, script);
  return measureLoads(bundle, project, 1);
}

const required =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const register = (name: string, type: string) =>
  `${required}require('@azure/functions-core').registerFunction({ name: '${name}', bindings: { a: { type: '${type}' } } });`;

describe('a bundle', () => {
  it('is measured and listed with what it registers', async () => {
    const { medianMs, medianCpuMs, functions } = await measure('good', register('get-health', 'httpTrigger'));
    expect(functions).toEqual([{ name: 'get-health', trigger: 'httpTrigger' }]);
    expect([medianMs > 0, medianCpuMs > 0]).toEqual([true, true]);
  });

  it('that registers nothing is reported', async () => {
    expect((await measure('empty', "import 'node:fs';")).functions).toEqual([]);
  });

  it('that requires a module it does not contain is refused, although the project has that module', async () => {
    await expect(measure('open', `${required}require('axios');`)).rejects.toThrow(
      "Cannot find module 'axios'",
    );
  });
});

describe('a package', () => {
  const good = {
    bundleBytes: 1_900_000,
    totalBytes: 2_900_000,
    missing: [],
    medianMs: 200,
    functions: ['get-health'],
  };

  it.each([
    ['within its targets has no fault', {}, {}],
    [
      'without a function cannot be deployed',
      { functions: [] },
      { broken: ['The bundle registers no function'] },
    ],
    [
      'that is too large at a cold start is over its target',
      { bundleBytes: 2_621_441 },
      { overTarget: ['The bundle is at a cold start larger than 2560 KiB'] },
    ],
    [
      'that is too large in all is over its target',
      { totalBytes: 5_242_881 },
      { overTarget: ['The bundle is with what is loaded later larger than 5120 KiB'] },
    ],
    [
      'that imports what it does not contain cannot be deployed',
      { missing: ['pg'] },
      { broken: ['The bundle imports pg, which is not in it'] },
    ],
    [
      'that loads slowly here only gets a notice',
      { medianMs: 301 },
      { notices: ['The bundle took longer to load here than 300 ms, which a busy machine explains'] },
    ],
  ])('%s', (_, change, expected) => {
    const nothing = { broken: [], overTarget: [], notices: [] };
    expect(findFaults({ ...good, ...change })).toEqual({ ...nothing, ...expected });
  });
});
