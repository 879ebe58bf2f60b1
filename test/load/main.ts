/**
 * `npm run test:load [-- records]`: exports many records of one tenant, then runs all tests, the longest of them at
 * their full sizes.
 */
import { startVitest } from 'vitest/node';
import { projectFolder } from '../local/child.ts';
import { interruptions, onInterruption } from '../local/interruption.ts';
import { fullSizesVariable } from '../support/sizes.ts';
import { exportMany } from './exports.ts';

// What this process started notices its end, and ends too.
onInterruption((signal) => process.exit(interruptions[signal]));

const exported = await exportMany(Number(process.argv[2] ?? 500_000));
process.env[fullSizesVariable] = 'yes';
// Sets the exit code when a test fails.
await (await startVitest('test', [], { run: true, root: projectFolder })).close();
if (!exported) process.exitCode = 1;
