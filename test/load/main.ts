/**
 * `npm run test:load [-- records]`: exports many records of one tenant, then runs all tests, the longest of them at
 * their full sizes.
 */
import { startVitest } from 'vitest/node';
import { projectFolder } from '../local/child.ts';
import { interruptions, onInterruption } from '../local/interruption.ts';
import { fullSizesVariable } from '../support/sizes.ts';
import { exportMany } from './exports.ts';

const usage = `Usage: npm run test:load [-- RECORDS]

Exports RECORDS (default: 500000) records of one tenant, then runs all tests, the longest of them at their full sizes.`;

// What this process started notices its end, and ends too.
onInterruption((signal) => process.exit(interruptions[signal]));

const [records = '500000', ...others] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(records) || others.length > 0) {
  console.log(usage);
  process.exit(records === '--help' ? 0 : 2);
}
const exported = await exportMany(Number(records));
process.env[fullSizesVariable] = 'yes';
// Sets the exit code when a test fails.
await (await startVitest('test', [], { run: true, root: projectFolder })).close();
if (!exported) process.exitCode = 1;
