/**
 * `npm run test:load [-- records]`: exports many records of one tenant, then runs all tests, the longest of them at
 * their full sizes.
 */
import { startVitest } from 'vitest/node';
import { projectFolder } from '../local/child.ts';
import { interruptions, onInterruption } from '../local/interruption.ts';
import { fullSizesVariable } from '../support/sizes.ts';
import { exportMany } from './exports.ts';
import { parseRecords, usage } from './options.ts';

// What this process started notices its end, and ends too.
onInterruption((signal) => process.exit(interruptions[signal]));

async function run(records: number): Promise<void> {
  const exported = await exportMany(records);
  process.env[fullSizesVariable] = 'yes';
  // Sets the exit code when a test fails.
  await (await startVitest('test', [], { run: true, root: projectFolder })).close();
  if (!exported) process.exitCode = 1;
}

try {
  const records = parseRecords(process.argv.slice(2));
  if (records === undefined) console.log(usage);
  else await run(records);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
