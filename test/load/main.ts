/**
 * `npm run test:load [-- records]`: exports many records of one tenant, then runs all tests, the longest of them at
 * their full sizes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod';
import { projectFolder } from '../local/child.ts';
import { fullSizesVariable } from '../support/sizes.ts';
import { exportMany } from './exports.ts';

/** @returns whether all tests pass */
async function runTests(): Promise<boolean> {
  const child = spawn('npm', ['test'], {
    cwd: projectFolder,
    env: { ...process.env, [fullSizesVariable]: 'yes' },
    stdio: 'inherit',
    // There, npm is a batch file.
    shell: process.platform === 'win32',
  });
  const [exitCode] = z
    .tuple([z.number().nullable()])
    .rest(z.unknown())
    .parse(await once(child, 'close'));
  return exitCode === 0;
}

const exported = await exportMany(Number(process.argv[2] ?? 500_000));
const tested = await runTests();
process.exitCode = exported && tested ? 0 : 1;
