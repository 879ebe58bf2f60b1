/** Clients that generators make from the description do the main job, against `npm start`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildDotnet, buildTypeScript, hasDotnet, kiota, nswag, type Job } from './generate.ts';
import { startLocalDemo, type Started } from './local-run.ts';

let folder: string;
let demo: Started;
let document: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typed-clients-'));
  demo = await startLocalDemo();
  document = await (await fetch(`${demo.url}/openapi.json`)).text();
}, 300_000);

afterAll(async () => {
  await demo.stop();
  await rm(folder, { recursive: true });
});

const printedSchema = z.strictObject({
  tenants: z.int(),
  records: z.int(),
  distinct: z.int(),
  enablement: z.tuple([z.string(), z.boolean()]),
  exported: z.tuple([z.string(), z.int()]),
  lines: z.int(),
  refused: z.string(),
});

/** Lists tenants, pages to the end, enables with a dry run, exports with a filter, and downloads the file. */
async function expectMainJob(perform: Job): Promise<void> {
  const done = printedSchema.parse(JSON.parse(await perform(demo.url, demo.key)));
  // More than one page of 20.
  expect(done.records).toBeGreaterThan(20);
  expect(done).toEqual({
    tenants: 3,
    records: done.records,
    distinct: done.records,
    enablement: ['Succeeded', true],
    exported: ['Succeeded', done.records],
    lines: done.records,
    refused: 'TenantNotFound',
  });
}

describe('a typed client', () => {
  it('of openapi-typescript does the main job', async () => {
    await expectMainJob(await buildTypeScript(join(folder, 'typescript'), document));
  }, 300_000);

  it.for([
    ['NSwag', nswag],
    ['Kiota', kiota],
  ] as const)(
    'of %s does the main job, and its generator objects to nothing',
    { timeout: 600_000 },
    async ([name, generator], { skip }) => {
      skip(!(await hasDotnet()), 'There is no .NET SDK: the client was not generated.');
      const { perform, warnings } = await buildDotnet(join(folder, name), generator, document);
      expect(warnings).toEqual([]);
      await expectMainJob(perform);
    },
  );
});
