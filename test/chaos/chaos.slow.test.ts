/** A short run of chaos; `npm run test:chaos` has the long one (docs/nothing-lost.md). */
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { buildApp } from '../support/built-app.ts';
import { bundledHost, bundleScript } from '../support/run/bundle.ts';
import { openStorage } from '../support/run/storage.ts';
import { describeReport, holds } from './report.ts';
import { preloadedScripts, redeliverSoon } from './resources.ts';
import { runChaos } from './run.ts';

const { CHAOS_SEED: given, CHAOS_VERBOSE: verbose } = process.env;
const seed = Number(given ?? randomInt(1_000_000));
/** Each kind of fault still strikes; what takes days of virtual time or thousands of content blobs is left to the long run. */
const options = { seed, tenants: 3, blobs: 300, kills: 3, rounds: 8, roundMs: 12_000 };

it(`nothing is lost while everything fails (seed ${seed})`, { timeout: 400_000 }, async () => {
  const folder = await buildApp();
  await redeliverSoon(folder);
  const [script, preloaded, storage, faultless] = await Promise.all([
    bundledHost(),
    Promise.all(preloadedScripts.map(bundleScript)),
    openStorage(),
    openStorage(),
  ]);
  const lines: string[] = [];
  const resources = {
    ...{ folder, script, preloaded, connectionString: storage.connectionString },
    faultlessConnectionString: faultless.connectionString,
  };
  const report = await runChaos(options, resources, (line) => {
    lines.push(line);
    if (verbose !== undefined) process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  });
  const told = [...lines, describeReport(report)].join('\n');
  if (verbose !== undefined) console.log(told);
  expect(holds(report), told).toBe(true);
  await Promise.all([storage.close(), faultless.close()]);
  await rm(folder, { recursive: true });
});
