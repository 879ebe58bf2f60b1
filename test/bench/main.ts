/** `npm run bench`: measures landing, indexing, memory, storage operations, queries, mailboxes, neighbors, growth, arrivals, destinations, and watches in one run. */
import { interruptions, onInterruption } from '../local/interruption.ts';
import { createProcesses } from '../local/processes.ts';
import { withBench, type Bench } from './bench.ts';
import type { PartLetter } from './figures.ts';
import { parseOptions, usage, type Options } from './options.ts';
import { measureArrivals } from './parts/arrivals.ts';
import { measureDestinations } from './parts/destinations.ts';
import { measureGrowth } from './parts/growth.ts';
import { measureIndexing } from './parts/indexing.ts';
import { measureLanding } from './parts/landing.ts';
import { measureMailboxes } from './parts/mailboxes.ts';
import { measureMemory } from './parts/memory.ts';
import { measureNeighbors } from './parts/neighbors.ts';
import { measureOperations } from './parts/operations.ts';
import { measureQueries } from './parts/query.ts';
import { measureWatching } from './parts/watching.ts';
import { toJson, toTable, type PartResult } from './report.ts';

const parts: Readonly<Record<PartLetter, (bench: Bench) => Promise<PartResult>>> = {
  a: measureLanding,
  b: measureIndexing,
  c: measureMemory,
  d: measureOperations,
  e: measureQueries,
  f: measureMailboxes,
  g: measureNeighbors,
  h: measureGrowth,
  i: measureArrivals,
  j: measureDestinations,
  k: measureWatching,
};

const processes = createProcesses();

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env);
  console.log(options.help ? usage : await run(options));
}

async function run({ parts: wanted, json, profile, large }: Options): Promise<string> {
  const say = (line: string) => {
    console.error(line);
  };
  const results = await withBench({ processes, profile, large, say }, async (bench) => {
    const measured: PartResult[] = [];
    for (const part of wanted) measured.push(await Promise.race([parts[part](bench), processes.failed]));
    return measured;
  });
  return json ? toJson(results) : toTable(results);
}

onInterruption((signal) => {
  processes.kill();
  process.exit(interruptions[signal]);
});

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await processes.stop();
}
